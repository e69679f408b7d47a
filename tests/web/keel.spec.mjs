// keel.spec.mjs - the first page in a real browser: sign in, the board, a project, a why, a move
// with its preview, and the board showing the change. Fails on any console error, any breach of the
// content security policy, any request to another host, and any finding of axe on any screen in
// both languages.
//
//   BASE_URL       the server, e.g. http://127.0.0.1:8600
//   KEEL_NAME, KEEL_PASSWORD   who signs in; needs to read, write and move groups
//   CHROMIUM       the browser; /usr/bin/chromium when not given
//   SHOTS          a folder for pictures of every screen; none are made without it
//
// It moves a group and leaves it there: run it on data made for it.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(new URL('../../web/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const { BASE_URL, KEEL_NAME, KEEL_PASSWORD, SHOTS } = process.env;
const PATIENCE_MS = Number(process.env.KEEL_PATIENCE_MS ?? 15_000);
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const TAP_PX = 48;
if (!BASE_URL || !KEEL_NAME || !KEEL_PASSWORD) {
    console.error('web: set BASE_URL, KEEL_NAME and KEEL_PASSWORD');
    process.exit(2);
}
const base = BASE_URL.replace(/\/$/, '');

let passed = 0;
let failed = 0;
const faults = []; // what the browser complained about since the last check

async function check(name, body) {
    try {
        await body();
        if (faults.length > 0) throw new Error(faults.splice(0).join('\n'));
        passed++;
    } catch (error) {
        failed++;
        faults.length = 0;
        console.error(
            `FAILED ${name}\n  ${String(error.message).split('\n').slice(0, 12).join('\n  ')}`,
        );
    }
}
function must(condition, words) {
    if (!condition) throw new Error(words);
}

function watch(page) {
    page.on('console', (message) => {
        if (message.type() === 'error') faults.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => faults.push(`page: ${error.stack ?? error.message}`));
    page.on('request', (request) => {
        const url = request.url();
        if (!url.startsWith(`${base}/`) && !url.startsWith('blob:'))
            faults.push(`third party: ${url}`);
    });
}

async function open(browser, language, width, prefs = {}) {
    const phone = width < 600;
    const context = await browser.newContext({
        viewport: { width, height: phone ? 844 : 860 },
        hasTouch: phone,
        isMobile: phone,
        locale: language,
        colorScheme: prefs.theme === 'dark' ? 'dark' : 'light',
        acceptDownloads: true,
    });
    // Runs before the pages' own scripts and outside their policy, so the policy stays whole.
    await context.addInitScript({ content: axeSource });
    await context.addInitScript(
        (chosen) => {
            if (localStorage.getItem('tongpin.prefs') === null) {
                localStorage.setItem('tongpin.prefs', JSON.stringify(chosen));
            }
            document.addEventListener('securitypolicyviolation', (event) => {
                console.error(
                    `policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`,
                );
            });
        },
        { language, ...prefs },
    );
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    watch(page);
    return { context, page, tag: [language.slice(0, 2), width, ...Object.values(prefs)].join('-') };
}

async function picture(page, name) {
    if (!SHOTS) return;
    mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: path.join(SHOTS, `${name}.png`) });
}

async function axe(page) {
    await page.waitForTimeout(250);
    const found = await page.evaluate(async (tags) => {
        const result = await window.axe.run(document, {
            runOnly: tags,
            resultTypes: ['violations'],
        });
        return result.violations.map(
            (each) =>
                `${each.id}: ${each.nodes
                    .slice(0, 3)
                    .map((node) => node.target.join(' '))
                    .join(' | ')}`,
        );
    }, AXE_TAGS);
    must(found.length === 0, `axe: ${found.join('\n')}`);
}

/** What can be pressed and is smaller than a gloved finger; text inside a sentence is exempt. */
async function smallTargets(page) {
    return page.evaluate((least) => {
        const pressable =
            'a[href], button, input:not([type=radio]):not([type=checkbox]), select, summary';
        return [...document.querySelectorAll(pressable)]
            .filter((each) => each.offsetParent !== null || each.closest('dialog[open]'))
            .filter(
                (each) =>
                    !each.closest('svg, .unseen, .skip') && !each.classList.contains('unseen'),
            )
            .map((each) => {
                const own = each.getBoundingClientRect();
                const row = each.classList.contains('row-link')
                    ? each.closest('tr').getBoundingClientRect()
                    : own;
                return {
                    height: Math.max(own.height, row.height),
                    text: each.textContent.trim().slice(0, 20),
                    tag: each.className,
                };
            })
            .filter((each) => each.height > 0 && each.height < least - 0.5)
            .map(
                (each) => `${each.tag || '?'} "${each.text}" is ${Math.round(each.height)} px high`,
            );
    }, TAP_PX);
}

async function signIn(page, to = '/d') {
    await page.goto(`${base}${to}`);
    await page.fill('input[name=username]', KEEL_NAME);
    await page.fill('input[name=password]', KEEL_PASSWORD);
    await page.press('input[name=password]', 'Enter');
    await page.waitForSelector('tr[data-project]');
}

const ask = async (page, url) => {
    const response = await page.request.get(`${base}/api/v1/${url}`);
    must(response.ok(), `GET ${url} answered ${response.status()}`);
    return response.json();
};

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
    for (const [name, url, ready] of list) {
        await check(`${name} ${tag}`, async () => {
            await page.goto(`${base}${url}`);
            await page.waitForSelector(ready);
            await axe(page);
            await picture(page, `${name}-${tag}`);
            const wide = await page.evaluate(
                () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
            );
            must(wide <= 0, `the page is ${wide} px wider than the screen`);
            if (!phone) return;
            const small = await smallTargets(page);
            must(small.length === 0, small.slice(0, 6).join('\n'));
        });
    }
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
    if (failed > 0) {
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

const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
        ...asRoot,
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
    ],
});
try {
    const plan = await journey(browser);
    const looks = [
        ['zh-CN', 1280],
        ['en', 1280],
        ['zh-CN', 390],
        ['en', 390],
        ['zh-CN', 1280, { theme: 'dark' }],
        ['en', 390, { theme: 'outdoor', text: 'largest' }],
    ];
    for (const [language, width, prefs] of plan ? looks : []) {
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
} finally {
    await browser.close();
}
console.log(`web: ${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
