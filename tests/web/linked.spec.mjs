// linked.spec.mjs - linked work in a real browser: one meeting said once for the groups of a site
// fulfils what each of them owes, a waiver and its undoing, a ledger saved as a table; and every
// screen of it in both languages, on a desk and on a phone.
//
// Takes what browser.mjs takes, AUDITOR_NAME and AUDITOR_PASSWORD (who may read and not write), and
// QUICK: only two of the six looks. It writes facts: run it on data made for it.
import { readFileSync } from 'node:fs';
import {
    anyFailed,
    ask,
    base,
    check,
    enter,
    finish,
    launch,
    LOOKS,
    looks,
    must,
    open,
    screen,
    signIn,
} from './browser.mjs';

const { AUDITOR_NAME, AUDITOR_PASSWORD } = process.env;
const TITLE = '主题党日：查一遍高处作业';
const REASON = '现场停工三天，无人上岗';

const key = (owed) => `${owed.group.id}:${owed.meeting}:${owed.from}`;
const row = (owed) => `[data-owed="${key(owed)}"]`;
const chip = (owed, state) => `${row(owed)} .state-chip[data-state="${state}"]`;

function monthBefore(month) {
    const first = new Date(`${month}-01T00:00:00Z`);
    first.setUTCMonth(first.getUTCMonth() - 1);
    return first.toISOString().slice(0, 7);
}

/** What one sitting on the day would settle. */
const mergeable = (site, day) =>
    site.owed.filter(
        (o) => o.from <= day && day <= o.to && o.from !== o.to && o.state === 'overdue',
    );

/** A project where a Party group, a union group and a crew owe something of the middle of a month
 * that is past, the last such one: before minutes were kept here. */
async function findSite(page) {
    const { items, on } = await ask(page, 'coverage?size=200');
    for (let back = 1, month = monthBefore(on.slice(0, 7)); back <= 6; back++, month = monthBefore(month))
        for (const { project } of items) {
            const { items: owed } = await ask(
                page,
                `projects/${project.id}/obligations?period=${month}`,
            );
            const site = { project, month, on, owed };
            const kinds = new Set(mergeable(site, `${month}-15`).map((each) => each.kind));
            if (kinds.size === 3) return site;
        }
    throw new Error('no site where all three groups owe something of a month');
}

/** Opens whatever is folded, so that every single obligation can be pressed. */
async function unfold(page) {
    for (const fold of await page.$$('.owed-each:not([open]) > summary')) await fold.click();
}

async function voidIt(page, reason) {
    await page.fill('#void-form textarea', reason);
    await page.click('button[form=void-form]');
    await page.waitForSelector('dialog', { state: 'detached' });
}

async function holding(page, site, tag) {
    const day = `${site.month}-15`;
    const wanted = mergeable(site, day);
    const owedPage = `/d/p/${site.project.id}?tab=owed&period=${site.month}`;
    await check('one meeting for three groups fulfils what each of them owes', async () => {
        const groups = new Set(wanted.map((o) => o.kind));
        must(groups.size === 3, `on ${day} only ${[...groups].join(' ')} owe something`);
        await page.goto(`${base}/d/p/${site.project.id}`);
        await page.click('.tabs a[href*="tab=owed"]');
        await page.waitForSelector('.owed-sum');
        await page.goto(`${base}${owedPage}`);
        await page.waitForSelector('.owed-sum');
        await unfold(page);
        for (const owed of wanted) {
            const state = owed.breach === 'not_conforming' ? 'not_conforming' : 'overdue';
            await page.waitForSelector(chip(owed, state));
        }
        await page.click('[data-hold]');
        await page.fill('input[name=day]', day);
        await page.waitForSelector('[data-tick-all]');
        must(!(await page.isEnabled('dialog [data-confirm]')), 'nothing is ticked yet');
        await page.click('[data-tick-all]');
        for (const owed of wanted)
            must(
                await page.isChecked(`input[name="${owed.group.id}:${owed.meeting}"]`),
                `${owed.group.name} is not ticked`,
            );
        await page.fill('dialog input[name=title]', TITLE);
        await page.fill('dialog input[name=place]', '益风二期集装箱');
        const ours = wanted.find((o) => o.meeting === 'theme_day');
        await page.fill(
            `textarea[name="record:${ours.group.id}:theme_day"]`,
            '党员各认领一处危险点',
        );
        await looks(page, `hold-${tag}`, false);
        await page.click('dialog [data-confirm]');
        await page.waitForSelector('[data-held]');
        await page.waitForSelector('[data-held] .state-chip[data-state=done]');
        const chips = await page.$$eval('[data-held] .state-chip', (list) =>
            list.map((each) => each.dataset.state),
        );
        must(chips.length === wanted.length, `${chips.length} of ${wanted.length} parts shown`);
        await looks(page, `held-${tag}`, false);
        await page.click('dialog [data-close]');
        for (const owed of wanted) await page.waitForSelector(chip(owed, 'done'));
        const now = await ask(page, `projects/${site.project.id}/obligations?period=${site.month}`);
        for (const owed of wanted) {
            const state = now.items.find((each) => key(each) === key(owed));
            must(state.state === 'done', `${owed.group.name} ${owed.meeting} is ${state.state}`);
            must(state.recorded_late, 'what was written down a month later is not marked');
        }
    });
    await check('a meeting that was a mistake is taken back, with a reason', async () => {
        const { items } = await ask(
            page,
            `projects/${site.project.id}/obligations?period=${site.month}`,
        );
        const owed = items.find((o) => o.state === 'overdue' && o.from !== o.to);
        await page.goto(`${base}${owedPage}`);
        await page.waitForSelector('.owed-sum');
        await unfold(page);
        await page.click(`${row(owed)} .owed-acts .button >> nth=0`);
        await page.waitForSelector(`input[name="${owed.group.id}:${owed.meeting}"]:checked`);
        must((await page.$('dialog .note-line')) !== null, 'nothing says that it makes up');
        await page.click('dialog [data-confirm]');
        await page.waitForSelector('[data-held] .state-chip[data-state=made_up]');
        await page.click('dialog .sheet-foot .button >> nth=0');
        await voidIt(page, '登错了日期');
        await page.waitForSelector(chip(owed, 'overdue'));
    });
    await check('a meeting is waived with a reason that everybody reads, and owed again', async () => {
        const { items } = await ask(
            page,
            `projects/${site.project.id}/obligations?period=${site.month}`,
        );
        const owed = items.find((o) => o.state === 'overdue' && o.from === o.to);
        await page.goto(`${base}${owedPage}`);
        await page.waitForSelector('.owed-sum');
        await unfold(page);
        await page.click(`${row(owed)} .owed-acts .button.quiet`);
        await page.waitForFunction(() => document.activeElement.tagName === 'TEXTAREA');
        await page.fill('#waive-form textarea', REASON);
        await looks(page, `waive-${tag}`, false);
        await page.click('button[form=waive-form]');
        await page.waitForSelector(chip(owed, 'waived'));
        must((await page.textContent(row(owed))).includes(REASON), 'the reason is not shown');
        await page.click(`${row(owed)} .owed-acts .button`);
        await voidIt(page, '复工后补开');
        await page.waitForSelector(chip(owed, 'overdue'));
    });
}

async function merging(page, site, tag) {
    const period = site.on.slice(0, 7);
    await check('a merge proposal says what it covers and saves, and is accepted at once', async () => {
        const before = await ask(page, `projects/${site.project.id}/merges?period=${period}`);
        must(before.items.length > 0, 'there is nothing to merge');
        await page.goto(`${base}/d/p/${site.project.id}?tab=owed&period=${period}`);
        await page.click('[data-merge] > summary');
        await page.waitForSelector('[data-accept]');
        const lines = await page.$$('.merge-items > li');
        must(lines.length === before.items.length, `${lines.length} activities shown`);
        await looks(page, `merge-${tag}`, false);
        await page.click('[data-accept]');
        await page.waitForSelector('[data-merge] .muted:has-text("没有可以合并")');
        const { items } = await ask(page, `projects/${site.project.id}/obligations?period=${period}`);
        for (const { covers } of before.items)
            for (const need of covers) {
                const owed = items.find((each) => key(each) === key(need));
                must(owed === undefined || owed.planned.length > 0, `${key(need)} is not planned`);
            }
        await page.waitForSelector('.owed-item a.why-link', { state: 'attached' });
    });
    await check('the minutes: a roll, who came, a vote with its why, and held', async () => {
        const { items } = await ask(page, `activities?project=${site.project.id}&period=${period}`);
        const planned = items.find((each) => each.progress === 'planned' && each.day <= site.on);
        must(planned, 'nothing is planned for today');
        await page.goto(`${base}/d/p/${site.project.id}?tab=activities&period=${period}`);
        await page.click(`[data-activity="${planned.id}"] .row-link`);
        await page.click('[data-convene]');
        await page.waitForSelector('[data-convene]', { state: 'detached' });
        await page.click('[data-all-present]');
        await page.waitForSelector('[data-all-present]', { state: 'detached' });
        const count = (name) => page.textContent(`[data-count=${name}]`);
        must((await count('there')) === (await count('expected')), 'somebody is missing');
        const someone = '[data-attendee] >> nth=0';
        await page.selectOption(`${someone} >> select`, 'absent');
        await page.waitForSelector('[data-attendee] .state-chip[data-state=absent]');
        must((await page.textContent(someone)).includes('待补学'), 'nobody is told to read up');
        await page.click('[data-topic]');
        await page.fill('#topic-form input[name=title]', '明日吊装分工');
        await page.selectOption('#topic-form select[name=part]', { index: 1 });
        await page.selectOption('#topic-form select[name=ballot]', 'hands');
        await page.fill('#topic-form input[name=for]', '1');
        await looks(page, `topic-${tag}`, false);
        await page.click('button[form=topic-form]');
        await page.waitForSelector('.topic .state-chip');
        await page.click('[data-held]');
        await page.waitForSelector('.page-head .state-chip[data-state=held]');
        await looks(page, `minutes-${tag}`, false);
    });
}

/** Presses the button of an act and says what it asks for. */
async function step(page, course, act, words) {
    await page.click(`[data-course="${course}"] [data-act="${act}"]`);
    await page.waitForSelector('#step-form');
    if (words) await page.fill('#step-form textarea', words);
    await page.click('button[form=step-form]');
    await page.waitForSelector('dialog', { state: 'detached' });
}

async function loop(page, site, tag) {
    await check('a task goes round the loop: accepted, reported, sent back, passed', async () => {
        const { items } = await ask(page, `tasks?project=${site.project.id}`);
        const task = items.find((each) => each.courses.some((one) => one.state === 'deployed'));
        const at = task.courses.find((one) => one.state === 'deployed').group_kind ?? 'all';
        await page.goto(`${base}/d/p/${site.project.id}?tab=tasks`);
        await page.click(`[data-task="${task.id}"] .row-link`);
        const chip = (state) =>
            page.waitForSelector(`[data-course="${at}"] .state-chip[data-state="${state}"]`);
        await chip('deployed');
        await step(page, at, 'accept');
        await chip('accepted');
        await step(page, at, 'report', '走访12人，记录齐全');
        await chip('reported');
        await step(page, at, 'rework', '两人没有走访');
        await chip('rework');
        await step(page, at, 'report', '两人已补访');
        await chip('reported');
        await step(page, at, 'pass', '抽查合格');
        await chip('passed');
        const steps = await page.$$eval('[data-step]', (list) => list.map((li) => li.dataset.step));
        const latest = steps.slice(0, 5).join();
        must(latest === 'pass,report,rework,report,accept', `the timeline says ${latest}`);
        await looks(page, `task-${tag}`, false);
    });
}

async function signals(page, site, tag) {
    await check('a hazard is raised in three fields and goes from found to closed', async () => {
        await page.goto(`${base}/d/p/${site.project.id}?tab=signals`);
        await page.click('[data-raise]');
        await page.fill('#raise-form textarea', '3号塔拉线松弛');
        await page.fill('#raise-form input[name=place]', '3号塔');
        await looks(page, `raise-${tag}`, false);
        await page.click('button[form=raise-form]');
        await page.waitForSelector('[data-raised]');
        await page.click('dialog [data-close]');
        await page.click('.row-of-link:has-text("3号塔拉线松弛") .row-link');
        const act = async (step, state, words) => {
            await page.click(`[data-act="${step}"]`);
            await page.waitForSelector('#step-form');
            if (words) await page.fill('#step-form textarea', words);
            const who = await page.$('#step-form input[name=responsible]');
            if (who) await who.fill('铁塔一班');
            const until = await page.$('#step-form input[name=until]');
            if (until) await until.fill(site.on);
            await page.click('button[form=step-form]');
            await page.waitForSelector('dialog', { state: 'detached' });
            await page.waitForSelector(`[data-standing] .state-chip[data-state="${state}"]`);
        };
        must((await page.$('[data-act=close]')) === null, 'it could be closed at once');
        await act('register', 'registered');
        await act('grade', 'graded');
        await act('order', 'ordered', '重新紧固并复测');
        await act('rectify', 'rectified', '已紧固');
        await act('pass', 'passed');
        await act('close', 'closed', '复测合格，销号');
        const steps = await page.$$('[data-step]');
        must(steps.length === 6, `${steps.length} steps in the timeline`);
        await looks(page, `signal-${tag}`, false);
    });
    await check('who stays unnamed to everybody gets a receipt and no name', async () => {
        await page.goto(`${base}/d/signals`);
        await page.click('[data-raise]');
        await page.selectOption('#raise-form select[name=kind]', 'near_miss');
        await page.selectOption('#raise-form select[name=unnamed]', 'to_everybody');
        await page.fill('#raise-form textarea', '吊件从身边擦过');
        await page.click('#raise-form input[name=to]');
        await page.fill('#raise-form input[name=to]', site.project.name);
        await page.click(`[data-choice="${site.project.id}"]`);
        await page.click('button[form=raise-form]');
        await page.waitForSelector('[data-receipt]');
        const receipt = (await page.textContent('[data-receipt]')).trim();
        must(receipt.length > 5, 'no receipt');
        await looks(page, `receipt-${tag}`, false);
        await page.click('dialog [data-close]');
        await page.waitForSelector('.row-of-link:has-text("吊件从身边擦过")');
        const { items } = await ask(page, `signals?project=${site.project.id}`);
        const raised = items.find((each) => each.what === '吊件从身边擦过');
        must(raised.raiser === null, 'the raiser is named');
        await page.goto(`${base}/receipt`);
        await page.fill('input[name=code]', receipt);
        await page.press('input[name=code]', 'Enter');
        await page.waitForSelector('[data-found] .state-chip[data-state=received]');
    });
}

async function ledgers(page, site, tag) {
    await check('a ledger is chosen, read and saved as a table', async () => {
        await page.goto(`${base}/d/ledgers?period=${site.month}`);
        await page.waitForSelector('select[name=ledger] option', { state: 'attached' });
        await page.click('input[name=to]');
        await page.fill('input[name=to]', site.project.name);
        await page.click(`[data-choice="${site.project.id}"]`);
        await page.selectOption('select[name=ledger]', 'theme-days');
        await page.waitForSelector(`[data-ledger-row]:has-text("${TITLE}")`);
        const text = await page.textContent('.ledger');
        for (const said of [TITLE, `${site.month}-15`, '党员各认领一处危险点'])
            must(text.includes(said), `the ledger lacks ${said}`);
        const saving = page.waitForEvent('download');
        await page.click('[data-export]');
        const download = await saving;
        must(/主题党日/.test(download.suggestedFilename()), download.suggestedFilename());
        const file = readFileSync(await download.path(), 'utf8');
        must(file.startsWith('\ufeff'), 'no mark of byte order');
        must(file.includes(TITLE), 'the file lacks the meeting');
        must(file.trim().split('\r\n').length === 2, 'one head and one row were due');
        await looks(page, `ledger-${tag}`, false);
    });
    await check('the same meeting stands in the ledger of each group that held it', async () => {
        for (const name of ['union-meetings', 'safety-days']) {
            const before = await page.getAttribute('.ledger-scroll', 'aria-label');
            await page.selectOption('select[name=ledger]', name);
            await page.waitForFunction(
                ([title, label]) => {
                    const scroll = document.querySelector('.ledger-scroll');
                    if (!scroll || scroll.getAttribute('aria-label') === label) return false;
                    return scroll.textContent.includes(title);
                },
                [TITLE, before],
            );
            const text = await page.textContent('.ledger');
            must(!text.includes('党员各认领一处危险点'), `${name} shows what the Party group wrote`);
        }
    });
}

async function reading(browser, site) {
    const { context, page } = await open(browser, 'zh-CN', 1280);
    await check('who may only read is offered nothing to write', async () => {
        await page.goto(`${base}/d`);
        await enter(page, AUDITOR_NAME, AUDITOR_PASSWORD);
        await page.waitForSelector('tr[data-project]');
        await page.goto(`${base}/d/p/${site.project.id}?tab=owed&period=${site.month}`);
        await page.waitForSelector('.owed-sum');
        must((await page.$('[data-hold], .owed-acts')) === null, 'something can be written');
    });
    await context.close();
}

async function screens(page, site, tag, phone) {
    const group = site.owed.find((owed) => owed.kind === 'crew').group.id;
    const project = `/d/p/${site.project.id}`;
    const acts = (await ask(page, `activities?project=${site.project.id}&period=${site.on.slice(0, 7)}`))
        .items;
    const task = (await ask(page, `tasks?project=${site.project.id}`)).items.at(-1);
    const raised = (await ask(page, 'signals')).items[0];
    const largest = acts.reduce((a, b) => (b.parts.length > a.parts.length ? b : a));
    const list = [
        ['tasks', '/d/tasks', '[data-task]'],
        ['tasks-none', '/d/tasks?q=zzzzzz', '.empty'],
        ['tasks-project', `${project}?tab=tasks`, '[data-task]'],
        ['task', `/d/tasks/${task.id}`, '[data-step]'],
        ['signals', '/d/signals', '[data-signal]'],
        ['signals-mine', '/d/signals?mine=1', '[data-signal], .empty'],
        ['signal', `/d/signals/${raised.id}`, '[data-standing]'],
        ['programme', `${project}?tab=plan`, '[data-gate]'],
        ['me', '/d/me', '.me'],
        ['activities', `${project}?tab=activities`, '[data-activity]'],
        ['activity', `/d/a/${largest.id}`, '[data-part]'],
        ['owed', `${project}?tab=owed&period=${site.month}`, '.owed-sum'],
        ['owed-year', `${project}?tab=owed&period=${site.month.slice(0, 4)}`, '.owed-sum'],
        ['owed-none', `${project}?tab=owed&period=1999-01`, '.owed .empty'],
        ['owed-group', `/d/g/${group}?tab=owed`, '.owed-sum, .owed .empty'],
        ['assessment', `/d/g/${group}?tab=assessment`, '[data-points]'],
        ['receipt', '/receipt', 'input[name=code]'],
        ['ledgers', '/d/ledgers', '.empty'],
        [
            'ledger-meetings',
            `/d/ledgers?project=${site.project.id}&name=safety-days&period=${site.month}`,
            '[data-ledger-row]',
        ],
        [
            'ledger-members',
            `/d/ledgers?project=${site.project.id}&name=party-members`,
            '[data-ledger-row], .card .empty',
        ],
    ];
    for (const [name, url, ready] of list) await screen(page, name, tag, url, ready, phone);
    await check(`hold ${tag}`, async () => {
        await page.goto(`${base}${project}?tab=owed&period=${site.month}`);
        await page.waitForSelector('.owed-sum');
        await unfold(page);
        await looks(page, `owed-open-${tag}`, phone);
        await page.click('[data-hold]');
        await page.waitForSelector('.hold-group');
        await looks(page, `hold-empty-${tag}`, phone);
        await page.keyboard.press('Escape');
        await page.waitForSelector('dialog', { state: 'detached' });
    });
}

const browser = await launch();
try {
    const { context, page, tag } = await open(browser, 'zh-CN', 1280);
    await check('sign in', () => signIn(page));
    let site = null;
    await check('there is a site to work on', async () => {
        site = await findSite(page);
    });
    if (!anyFailed()) {
        await holding(page, site, tag);
        await merging(page, site, tag);
        await loop(page, site, tag);
        await signals(page, site, tag);
        await ledgers(page, site, tag);
    }
    await context.close();
    for (const [language, width, prefs] of site ? LOOKS : []) {
        const view = await open(browser, language, width, prefs);
        await check(`sign in ${view.tag}`, () => signIn(view.page));
        await screens(view.page, site, view.tag, width < 600);
        await view.context.close();
    }
    if (site && AUDITOR_NAME) await reading(browser, site);
} finally {
    await browser.close();
}
finish('linked');
