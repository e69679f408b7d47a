// keel.spec.mjs - the first page in a real browser: sign in, the board, a project, a why, a move
// with its preview, and the board showing the change. Fails on any console error, any breach of the
// content security policy, any request to another host, and any finding of axe on any screen in
// both languages.
//
// Takes what browser.mjs takes, and
//
//   AUDITOR_NAME, AUDITOR_PASSWORD   who may read, but not look people up
//   ADMIN_NAME, ADMIN_PASSWORD   who may read nothing of the work (both pairs may be left out)
//
// It moves a group, attaches a project and leaves them so, and in the end the address it comes from
// is refused for a while: run it on data made for it.
import { readFileSync } from 'node:fs';
import {
    anyFailed,
    ask,
    axe,
    base,
    check,
    enter,
    faults,
    finish,
    KEEL_PASSWORD,
    KEEL_NAME,
    launch,
    LOOKS,
    must,
    open,
    PATIENCE_MS,
    picture,
    screen,
    signIn,
    smallTargets,
    watch,
} from './browser.mjs';

const { AUDITOR_NAME, AUDITOR_PASSWORD, ADMIN_NAME, ADMIN_PASSWORD } = process.env;
const TRIES_MAX = 60; // more wrong passwords than any server takes

/** A Party group and a project it may move to such that coverage changes on one side at least. */
async function findMove(page) {
    const board = await ask(page, 'coverage?size=200');
    const active = board.items.filter((item) => item.state !== 'not_active');
    const order = (item) => (item.state === 'uncovered' ? 0 : 1);
    const goals = active
        .slice()
        .sort((a, b) => order(a) - order(b))
        .slice(0, 12);
    for (const home of active) {
        const detail = await ask(page, `projects/${home.project.id}`);
        const group = detail.groups.find((each) => each.kind === 'party');
        if (!group) continue;
        for (const goal of goals) {
            if (goal.project.id === home.project.id) continue;
            const url = `groups/${group.id}/move?to=${goal.project.id}&on=${board.on}`;
            const response = await page.request.get(`${base}/api/v1/${url}`);
            if (!response.ok()) continue;
            const preview = await response.json();
            const changed = preview.sides.some((side) => side.before.state !== side.after.state);
            if (preview.may_confirm && changed) {
                return { group, home: home.project, goal: goal.project, preview, on: board.on };
            }
        }
    }
    throw new Error('no Party group can move anywhere with a change of coverage');
}

/** A project that is uncovered on the day and could be attached to a group, and that group. */
async function findAttach(page) {
    const { items } = await ask(page, 'gaps');
    for (const { project, proposals } of items) {
        const way = proposals.find((each) => each.code === 'attach');
        if (way) return { project, group: way.group, from: way.from };
    }
    throw new Error('no gap can be closed by attaching');
}

const rowState = (page, id) =>
    page.getAttribute(`tr[data-project="${id}"] .state-chip`, 'data-state');

async function moveByHand(page, plan) {
    await page.goto(`${base}/d/p/${plan.home.id}`);
    await page.click(`[data-group="${plan.group.id}"] a.button`);
    await page.click('input[name=to]');
    await page.fill('input[name=to]', plan.goal.name);
    await page.click(`[data-choice="${plan.goal.id}"]`);
    await page.waitForSelector('[data-preview]');
}

async function screens(page, plan, tag, phone) {
    const party = await ask(page, `projects/${plan.goal.id}/members?kind=party&size=1`);
    const someone = party.items[0]?.person ?? (await ask(page, 'persons?size=1')).items[0];
    const why = `${someone.id}:${plan.group.id}`;
    const list = [
        ['board', '/d', 'tr[data-project]'],
        ['board-filtered-empty', '/d?q=zzzzzz', '.empty'],
        ['board-date', `/d?on=${plan.on.slice(0, 4)}-01-01`, '.day-note, .answer'],
        ['map', '/d?view=map', '.map svg'],
        ['project', `/d/p/${plan.goal.id}`, '[data-person], .empty'],
        ['why-coverage', `/d/p/${plan.home.id}?why=coverage:${plan.home.id}`, '.reason'],
        ['why-membership', `/d/p/${plan.goal.id}?why=${why}`, '.why-answer'],
        [
            'move',
            `/d/g/${plan.group.id}?move=${plan.group.id}&to=${plan.home.id}`,
            '[data-preview]',
        ],
        ['group', `/d/g/${plan.group.id}`, '[data-person], .empty'],
        ['gaps', '/d/gaps', '.card'],
        ['people', '/d/people', '[data-row], .empty'],
        ['person', `/d/people/${someone.id}`, '.pairs'],
        ['account', '/d/me', '.me'],
        ['nowhere', '/nowhere', 'h1'],
    ];
    for (const [name, url, ready] of list) await screen(page, name, tag, url, ready, phone);
}

async function journey(browser) {
    const { context, page, tag } = await open(browser, 'zh-CN', 1280);
    await check('the policy of the pages is strict', async () => {
        const response = await page.request.get(`${base}/`);
        const policy = response.headers()['content-security-policy'] ?? '';
        must(policy.includes("script-src 'self'"), `script-src is not 'self' alone: ${policy}`);
        must(!/unsafe-(inline|eval)|\*|https?:/.test(policy), `the policy has a hole: ${policy}`);
    });
    await check('sign-in screen', async () => {
        await page.goto(`${base}/d`);
        await page.waitForSelector('input[name=password]');
        await axe(page);
        await picture(page, `sign-in-${tag}`);
    });
    await check('a wrong password is refused in words', async () => {
        await page.fill('input[name=username]', KEEL_NAME);
        await page.fill('input[name=password]', `${KEEL_PASSWORD} wrong`);
        await page.press('input[name=password]', 'Enter');
        await page.waitForSelector('[role=alert]');
        // The browser reports the one refused request; whoever looks in between asks nothing more.
        const refused = faults.splice(0);
        must(
            refused.length === 1 && / 401 /.test(refused[0]),
            `one 401 was due, not: ${refused.join(' | ') || 'nothing'}`,
        );
    });
    await check('the right password opens the board', () => signIn(page, '/d'));
    if (anyFailed()) {
        await context.close();
        return null;
    }

    let plan = null;
    await check('there is a move that changes coverage', async () => {
        plan = await findMove(page);
    });
    if (!plan) return null;

    await check('j and Enter open a project from the board, / goes to the search box', async () => {
        await page.goto(`${base}/d`);
        await page.waitForSelector('tr[data-project]');
        await page.keyboard.press('/');
        await page.waitForFunction(() => document.activeElement.matches('[data-search]'));
        await page.evaluate(() => document.activeElement.blur());
        await page.keyboard.press('j');
        await page.keyboard.press('Enter');
        await page.waitForSelector('[data-why]');
    });
    await check('the why of coverage tells reasons', async () => {
        await page.click('[data-why]');
        await page.waitForSelector('dialog .reason');
        must(
            (await page.textContent('dialog .reason-text')).trim().length > 1,
            'the reason is empty',
        );
        await page.keyboard.press('Escape');
        await page.waitForSelector('dialog', { state: 'detached' });
    });
    await check('the why of a membership lists facts', async () => {
        await page.goto(`${base}/d/g/${plan.group.id}`);
        await page.click('.why-link >> nth=0');
        await page.waitForSelector('dialog .why-answer');
        await page.waitForSelector('dialog .fact');
        await page.keyboard.press('Escape');
    });
    await check('the list is saved as a file no spreadsheet runs', async () => {
        await page.goto(`${base}/d`);
        await page.waitForSelector('tr[data-project]');
        const saving = page.waitForEvent('download');
        await page.click('.filters .end > button >> nth=0');
        const text = readFileSync(await (await saving).path(), 'utf8');
        must(
            text.startsWith('\ufeff') && text.includes(plan.home.name),
            'the file lacks the project',
        );
        must(!/(^|,|\n)"?[=+@]/.test(text), 'a cell begins like a formula');
    });

    const watcher = await context.newPage();
    watcher.setDefaultTimeout(PATIENCE_MS);
    watch(watcher);
    await check('a group moves, and the open board shows it', async () => {
        await watcher.goto(`${base}/d?size=200`);
        await watcher.waitForSelector(`tr[data-project="${plan.goal.id}"]`);
        await moveByHand(page, plan);
        const sides = await page.$$eval('[data-side]', (list) =>
            list.map((side) => ({
                id: side.dataset.side,
                states: [...side.querySelectorAll('.state-chip')].map((chip) => chip.dataset.state),
            })),
        );
        must(
            sides.some((side) => side.states[0] !== side.states[1]),
            'the preview changes nothing',
        );
        for (const side of sides) {
            const shown = await rowState(watcher, side.id);
            must(
                shown === side.states[0],
                `the board says ${shown}, the preview ${side.states[0]}`,
            );
        }
        await picture(page, `move-preview-${tag}`);
        await page.click('[data-confirm]');
        await page.waitForSelector('[data-done]');
        await picture(page, `move-done-${tag}`);
        // Nobody touches the watching page: the news has to reach it.
        for (const side of sides) {
            const chip = `tr[data-project="${side.id}"] .state-chip[data-state="${side.states[1]}"]`;
            await watcher.waitForSelector(chip);
        }
        await picture(watcher, `board-after-${tag}`);
        await page.click('[data-close]');
    });
    await check(
        'a move back on the same day can be confirmed exactly when the server allows it',
        async () => {
            await moveByHand(page, { ...plan, home: plan.goal, goal: plan.home });
            const url = `groups/${plan.group.id}/move?to=${plan.home.id}&on=${plan.on}`;
            const { may_confirm: allowed, findings } = await ask(page, url);
            must((await page.isEnabled('[data-confirm]')) === allowed, 'the button says otherwise');
            const told = await page.$$eval('[data-preview] .note-line', (list) => list.length);
            must(told === findings.length, `${findings.length} findings, ${told} shown`);
        },
    );
    await check('a project that is attached says so, and where its group stands', async () => {
        const { project, group, from } = await findAttach(page);
        await page.goto(`${base}/d/gaps`);
        const gap = `li.card:has(a[href$="/d/p/${project.id}"])`;
        await page.click(`${gap} .ways > li:has(strong:has-text("${group.name}")) > button`);
        await page.click('dialog button[type=submit]');
        await page.waitForSelector('dialog', { state: 'detached' });
        const told = (await ask(page, `projects/${project.id}`)).groups;
        const attached = told.find((each) => each.id === group.id);
        must(attached?.stationed === false, 'the answer says that it is stationed there');
        must(attached.at?.id === from.id, 'the answer does not say where it stands');
        await page.goto(`${base}/d/p/${project.id}`);
        const row = `[data-group="${group.id}"]`;
        const text = await page.textContent(row);
        must(/挂靠/.test(text) && text.includes(from.name), `it says: ${text.trim()}`);
        must(!/ 起/.test(text), `a day without a station: ${text.trim()}`);
        must((await page.$(`${row} a.button`)) === null, 'it could be moved from here');
        await picture(page, `attached-${tag}`);
        await page.goto(`${base}/d/p/${from.id}`);
        await page.waitForSelector(`${row} a.button`);
    });
    await check('now is said of today only', async () => {
        const says = async (url, where, ready = where) => {
            await page.goto(`${base}${url}`);
            await page.waitForSelector(ready);
            return (await page.$$eval(where, (list) => list.map((each) => each.textContent))).join();
        };
        const group = `/d/g/${plan.group.id}`;
        const goal = `/d/p/${plan.goal.id}`;
        const day = plan.preview.on;
        const other = `${Number(day.slice(0, 4)) - 1}-${day.slice(5, 7)}-01`;
        must(/现在/.test(await says(group, '.card h2')), 'the group has no now today');
        must(!/现在/.test(await says(`${group}?on=${other}`, '.card h2')), 'a group of last year');
        const phases = '.phases .now .tag';
        const { project } = await ask(page, `projects/${plan.goal.id}`);
        const ready = '.phases li, [data-person], .empty';
        for (const { from } of project.phases.filter((phase) => phase.from !== day)) {
            const said = await says(`${goal}?on=${from}`, phases, ready);
            must(/当日/.test(said) && !/进行中/.test(said), `a phase on ${from}: ${said}`);
        }
        const later = (days) =>
            new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
        let gap = null;
        for (const on of [-1, 1, -30, 200].map(later)) {
            const { items } = await ask(page, `gaps?on=${on}`);
            gap ??= items.some((item) => item.proposals.some((way) => way.from)) ? on : null;
        }
        must(gap !== null, 'no gap on any other day');
        const said = await says(`/d/gaps?on=${gap}`, '.ways');
        must(/当日在/.test(said) && !/现在/.test(said), `the gaps on ${gap}`);
    });
    await check('a day that there is not is said, with a way back to today', async () => {
        for (const on of ['2026-99-99', '2500-01-01', '1899-12-31']) {
            for (const place of ['/d', `/d/p/${plan.goal.id}`]) {
                await page.goto(`${base}${place}?on=${on}`);
                await page.waitForSelector('.no-day');
                const text = await page.textContent('.no-day');
                for (const word of [on, '1900-01-01', '2199-12-31'])
                    must(text.includes(word), `${word} is missing: ${text.trim()}`);
                must((await page.$('.day-field')) === null, 'the page is shown all the same');
                await axe(page);
                await page.click('.no-day a.button');
                await page.waitForSelector('.day-field');
                must(!page.url().includes('on='), `the day is still there: ${page.url()}`);
            }
        }
        for (const on of ['1900-01-01', '2199-12-31']) {
            await page.goto(`${base}/d/p/${plan.goal.id}?on=${on}`);
            await page.waitForSelector('.coverage .figures');
        }
    });
    await context.close();
    return plan;
}

/** Somebody who gave the password too long ago is asked for it, and then sees the number. */
async function confirming(page, tag, phone) {
    const { items } = await ask(page, 'persons?size=1');
    let isOld = true; // we cannot wait five minutes: the first refusal is ours, the rest is real
    const old = JSON.stringify({ status: 403, code: 'password_confirm_required', detail: '' });
    await page.route('**/reveal', (route) =>
        isOld
            ? route.fulfill({ status: 403, contentType: 'application/problem+json', body: old })
            : route.continue(),
    );
    await check(`the password is asked for once more ${tag}`, async () => {
        await page.goto(`${base}/d/people/${items[0].id}`);
        await page.fill('form input[maxlength]', '事故联系');
        await page.press('form input[maxlength]', 'Enter');
        await page.waitForSelector('dialog input[name=password]');
        await page.waitForFunction(() => document.activeElement.name === 'password');
        await axe(page);
        await picture(page, `confirm-${tag}`);
        const small = phone ? await smallTargets(page) : [];
        must(small.length === 0, small.slice(0, 6).join('\n'));
        await page.keyboard.press('Escape');
        await page.waitForSelector('dialog', { state: 'detached' });
        await page.waitForSelector('form [role=alert]');
        faults.splice(0); // the browser reports each refusal
    });
    await check(`a confirmed password lets what was asked go on ${tag}`, async () => {
        await page.press('form input[maxlength]', 'Enter');
        await page.waitForSelector('dialog input[name=password]');
        await page.keyboard.type(`${KEEL_PASSWORD} wrong`);
        await page.keyboard.press('Enter');
        await page.waitForSelector('dialog [role=alert]');
        isOld = false;
        faults.splice(0);
        const shown = page.waitForResponse((response) => response.url().endsWith('/reveal'));
        await page.keyboard.type(KEEL_PASSWORD);
        await page.keyboard.press('Enter');
        must((await shown).status() === 200, 'the number is still refused');
        await page.waitForSelector('dialog', { state: 'detached' });
    });
    await page.unroute('**/reveal');
}

/** What somebody is offered leads somewhere. */
async function asOthers(browser) {
    if (AUDITOR_NAME) {
        const { context, page, tag } = await open(browser, 'zh-CN', 1280);
        await check('somebody who may not look people up is offered no such page', async () => {
            await page.goto(`${base}/d`);
            await enter(page, AUDITOR_NAME, AUDITOR_PASSWORD);
            await page.waitForSelector('tr[data-project]');
            const home = (await ask(page, 'coverage')).items.find((item) => item.leader);
            const closed = 'a[href*="/d/gaps"], a[href*="/d/people"]';
            const seen = async () => page.$$eval(closed, (list) => list.map((a) => a.href));
            const { today } = await ask(page, 'node');
            const yesterday = new Date(Date.parse(today) - 86_400_000).toISOString().slice(0, 10);
            await page.goto(`${base}/d?on=${yesterday}`); // what is attached today was a gap then
            await page.waitForSelector('.summary-alarm');
            const offered = await seen();
            await page.goto(`${base}/d/p/${home.project.id}`);
            await page.waitForSelector('[data-person]');
            offered.push(...(await seen()));
            must(offered.length === 0, `offered: ${offered.join(' ')}`);
            await page.goto(`${base}/d/gaps`);
            await page.waitForSelector('.nothing');
            await axe(page);
            await picture(page, `auditor-${tag}`);
        });
        await context.close();
    }
    if (ADMIN_NAME) {
        const { context, page, tag } = await open(browser, 'zh-CN', 390);
        await check('somebody who may read nothing is told what the account is for', async () => {
            await page.goto(`${base}/d`);
            await enter(page, ADMIN_NAME, ADMIN_PASSWORD);
            await page.waitForSelector('.nothing');
            const text = await page.textContent('.nothing');
            must(text.includes('tongpin account'), `it says: ${text.trim()}`);
            await axe(page);
            await picture(page, `admin-${tag}`);
        });
        await context.close();
    }
}

/** Last of all: whoever comes from here has to wait then. */
async function tooOften(browser) {
    const { context, page, tag } = await open(browser, 'zh-CN', 1280);
    await check('too many wrong passwords are told to wait, and how long', async () => {
        await page.goto(`${base}/d`);
        await page.waitForSelector('input[name=password]');
        let wait = null;
        for (let tries = 0; wait === null && tries < TRIES_MAX; tries++) {
            const data = { name: '无此人', password: `wrong-${tries}-password` };
            const response = await page.request.post(`${base}/api/v1/session`, { data });
            if (response.status() === 429) wait = Number(response.headers()['retry-after']);
        }
        must(wait > 0, 'nobody was told to wait');
        await enter(page, '无此人', 'wrong-once-more');
        await page.waitForSelector('[role=alert]');
        const text = await page.textContent('[role=alert] strong');
        const said = /请 (\d+) (秒|分钟)后再试/.exec(text);
        must(said !== null, `it says: ${text}`);
        const seconds = Number(said[1]) * (said[2] === '秒' ? 1 : 60);
        must(seconds <= wait + 60, `${text}, but ${wait} seconds were due`);
        await axe(page);
        await picture(page, `too-often-${tag}`);
        const refused = faults.splice(0);
        must(refused.length === 1 && / 429 /.test(refused[0]), refused.join(' | '));
    });
    await context.close();
}

const browser = await launch();
try {
    const plan = await journey(browser);
    for (const [language, width, prefs] of plan ? LOOKS : []) {
        const { context, page, tag } = await open(browser, language, width, prefs);
        await check(`sign in ${tag}`, async () => {
            await signIn(page);
            const lang = await page.getAttribute('html', 'lang');
            must(lang === language, `the page speaks ${lang}`);
        });
        await screens(page, plan, tag, width < 600);
        if (!prefs) await confirming(page, tag, width < 600);
        await context.close();
    }
    if (plan) await asOthers(browser);
    if (plan) await tooOften(browser);
} finally {
    await browser.close();
}
finish('keel');
