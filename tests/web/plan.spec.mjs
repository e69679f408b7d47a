// plan.spec.mjs - from deploying to what is left behind, in a real browser: an item goes to projects
// and is taken back; a deduction is objected to and decided; a template and a phase that moves say
// first what they would do; the year by focus and grip; both curves of an objective; hand-over and
// closing on paper. And every screen of it in both languages, on a desk and on a phone.
//
// Takes what browser.mjs takes, AUDITOR_NAME and AUDITOR_PASSWORD (who may read and not write), and
// QUICK: only two of the six looks. It writes facts: run it on data made for it.
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
    picture,
    screen,
    signIn,
} from './browser.mjs';

const { AUDITOR_NAME, AUDITOR_PASSWORD } = process.env;
const TITLE = '冬季施工防寒防滑检查';
const WORDS = '因停电检修全员轮休，见项目部通知';
const RULED = '属实，减半扣分';

const monthOf = (day) => day.slice(0, 7);
function monthBefore(month) {
    const first = new Date(`${month}-01T00:00:00Z`);
    first.setUTCMonth(first.getUTCMonth() - 1);
    return first.toISOString().slice(0, 7);
}
function later(day, days) {
    const next = new Date(`${day}T00:00:00Z`);
    next.setUTCDate(next.getUTCDate() + days);
    return next.toISOString().slice(0, 10);
}

/** The project with the longest programme, one without objectives, and a crew from which something
 * was deducted in the last such month. */
async function findSite(page) {
    const { items, on } = await ask(page, 'projects?size=200');
    let site = null;
    let bare = null;
    for (const project of items) {
        const lines = (await ask(page, `projects/${project.id}/programme`)).items;
        const objectives = (await ask(page, `projects/${project.id}/objectives`)).items;
        if (objectives.length > 0 && (site === null || lines.length > site.lines.length))
            site = { project, lines, objective: objectives[0] };
        if (objectives.length === 0) bare = project;
    }
    const { groups } = await ask(page, `projects/${site.project.id}`);
    const crews = groups.filter((group) => group.kind === 'crew' && group.stationed);
    let month = monthBefore(monthOf(on));
    for (let back = 1; back <= 6; back++, month = monthBefore(month))
        for (const crew of crews) {
            const { deductions } = await ask(page, `groups/${crew.id}/assessment?period=${month}`);
            const deduction = deductions.find(({ points }) => points > 1);
            if (deduction) return { ...site, bare, crew, on, month, deduction };
        }
    throw new Error('no crew from which anything was deducted');
}

async function closed(page) {
    await page.waitForSelector('dialog', { state: 'detached' });
}

async function deploying(page, tag) {
    await check('an item says to how many projects it goes, and goes there', async () => {
        await page.goto(`${base}/d/items`);
        await page.click('[data-deploy]');
        await page.waitForSelector('#deploy-form [data-count]');
        await page.click('#deploy-form [data-confirm]');
        await page.waitForSelector('#deploy-form [role=alert]');
        const lacks = await page.textContent('#deploy-form [role=alert]');
        must(/事项名称/.test(lacks) && /完成标准/.test(lacks), `it says it lacks: ${lacks}`);
        await looks(page, `deploy-lacks-${tag}`, false);
        await page.fill('input[name=title]', TITLE);
        await page.fill('textarea[name=done_when]', '各作业面有检查表，问题当日整改');
        await page.fill('input[name=theme]', '防寒防滑');
        await page.fill('input[name=weight]', '2');
        const unit = await page.inputValue('select[name=of]');
        const { counts } = await ask(page, `coverage?unit=${unit}`);
        const said = await page.textContent('[data-count]');
        must(said.includes(String(counts.total)), `${said} instead of ${counts.total} projects`);
        await looks(page, `deploy-${tag}`, false);
        await page.click('#deploy-form [data-confirm]');
        await page.waitForSelector('[data-received]');
        const rows = await page.$$('tr[data-task]');
        must(rows.length === counts.total, `${rows.length} tasks for ${counts.total} projects`);
        await page.click('.seen > summary');
        await page.waitForSelector('.seen [data-readers]');
        await looks(page, `item-new-${tag}`, false);
    });
    await check('while nobody has acted it is taken back as a whole', async () => {
        await page.click('[data-undo]');
        await page.fill('#void-form textarea', '与上级部署重复');
        await page.click('button[form=void-form]');
        await page.waitForURL(/\/d\/items$/);
        await page.waitForSelector('[data-item]');
        const { items } = await ask(page, 'items');
        must(!items.some(({ name }) => name === TITLE), 'it is still there');
    });
    await check('one that somebody has acted on is not', async () => {
        await page.goto(`${base}/d/items/new`);
        await page.fill('input[name=title]', TITLE);
        await page.fill('textarea[name=done_when]', '有检查表');
        await page.click('label:has-text("指定项目")');
        await page.waitForSelector('.deploy-list input');
        must(await page.isDisabled('#deploy-form [data-confirm]'), 'no project is ticked yet');
        await page.check('.deploy-list li:first-child input');
        await page.click('#deploy-form [data-confirm]');
        await page.waitForSelector('[data-undo]');
        await page.click('tr[data-task] th a');
        await page.click('[data-act=accept]');
        await page.click('button[form=step-form]');
        await closed(page);
        await page.goBack();
        await page.waitForSelector('tr[data-task] .state-chip[data-state=accepted]');
        must((await page.$('[data-undo]')) === null, 'it could be taken back');
    });
}

async function assessing(page, site, tag) {
    const url = `/d/g/${site.crew.id}?tab=assessment&period=${site.month}`;
    const api = `groups/${site.crew.id}/assessment?period=${site.month}`;
    await check('what a group says of itself stands beside what the rules come to', async () => {
        const before = await ask(page, api);
        await page.goto(`${base}${url}`);
        await page.click('[data-self-say]');
        await page.fill('#step-form input[name=points]', '88');
        await page.fill('#step-form textarea', '站班会因停工少开');
        await page.click('button[form=step-form]');
        await closed(page);
        await page.waitForSelector('[data-self-points]');
        const points = await page.textContent('[data-points]');
        must(points === String(before.points), 'the assessment changed with it');
        must((await ask(page, api)).self.points === 88, 'the self-assessment is not there');
        await page.click('[data-self-say]');
        await page.fill('#step-form input[name=points]', '85');
        await page.click('button[form=step-form]');
        await closed(page);
        await page.waitForSelector('[data-self-points]:has-text("85")');
    });
    await check('a deduction is objected to and corrected, and both are shown', async () => {
        const { code, points } = site.deduction;
        const row = `[data-deduction="${code}"]`;
        await page.click(`${row} [data-object]`);
        await page.fill('#step-form textarea', WORDS);
        await page.click('button[form=step-form]');
        await closed(page);
        await page.waitForSelector(`${row} .state-chip[data-state=objected]`);
        await page.click(`${row} [data-rule]`);
        await page.waitForSelector('#step-form');
        must((await page.$('#step-form input[name=points]')) === null, 'upheld needs no points');
        await page.selectOption('#step-form select', 'corrected');
        await page.fill('#step-form input[name=points]', String(points - 1));
        await page.fill('#step-form textarea', RULED);
        await looks(page, `ruling-${tag}`, false);
        await page.click('button[form=step-form]');
        await closed(page);
        await page.waitForSelector(`${row} .state-chip[data-state=corrected]`);
        const text = await page.textContent(row);
        for (const said of [WORDS, RULED, `−${points}`, `−${points - 1}`])
            must(text.includes(said), `the line lacks ${said}`);
        await page.click(`${row} .assess-why > summary`);
        await page.waitForSelector(`${row} .rule`);
        await looks(page, `assessment-ruled-${tag}`, false);
        const now = (await ask(page, api)).deductions.find((each) => each.code === code);
        must(
            now.points === points && now.counted === points - 1,
            'the server counts something else',
        );
    });
}

async function planning(page, site, tag) {
    const url = `/d/p/${site.project.id}?tab=plan`;
    await check('a template shows the lines it would make, then makes them', async () => {
        await page.goto(`${base}${url}`);
        await page.click('[data-apply]');
        await page.waitForSelector('[data-adds]');
        const made = await page.$$('[data-made]');
        must(made.length > 0, 'the template has no lines');
        const adds = Number(/\d+/.exec(await page.textContent('[data-adds]'))[0]);
        await looks(page, `apply-${tag}`, false);
        await page.click('dialog [data-confirm]');
        await closed(page);
        const now = (await ask(page, `projects/${site.project.id}/programme`)).items;
        must(now.length === site.lines.length + adds, `${now.length} lines after ${adds} more`);
        await page.click('[data-apply]');
        await page.waitForSelector('[data-adds]');
        must(await page.isDisabled('dialog [data-confirm]'), 'it could be applied twice');
        await page.keyboard.press('Escape');
        await closed(page);
    });
    await check('a phase that moves says first what moves with it, by how much and why', async () => {
        const { phases } = (await ask(page, `projects/${site.project.id}`)).project;
        const phase = phases.find((each) => each.from > site.on);
        const from = later(phase.from, 14);
        await page.click('[data-shift]');
        await page.selectOption('#shift-form select[name=phase]', phase.id);
        must(await page.isDisabled('dialog [data-confirm]'), 'nothing was changed yet');
        await page.fill('#shift-form input[name=from]', from);
        await page.press('#shift-form input[name=from]', 'Tab');
        await page.waitForSelector('#shift-form h3');
        if (phase.to) {
            const to = await page.inputValue('#shift-form input[name=to]');
            must(to === later(phase.to, 14), `the end went to ${to}`);
        }
        const query = `phase=${phase.id}&from=${from}${phase.to ? `&until=${later(phase.to, 14)}` : ''}`;
        const tried = await ask(page, `projects/${site.project.id}/programme/shift?${query}`);
        must(tried.items.length > 0, 'nothing would move');
        const shown = await page.$$('[data-moves]');
        must(shown.length === tried.items.length, `${shown.length} of ${tried.items.length} shown`);
        await looks(page, `shift-${tag}`, false);
        await page.click('dialog [data-confirm]');
        await closed(page);
        const moved = tried.items[0];
        await page.waitForSelector(`[data-line="${moved.id}"] details > summary`);
        await page.click(`[data-line="${moved.id}"] details > summary`);
        const why = await page.textContent(`[data-line="${moved.id}"] details`);
        must(why.includes(moved.to), `the reason does not name the day: ${why}`);
    });
    await check('the gate lists what is missing', async () => {
        const gate = await ask(page, `projects/${site.bare.id}/gate`);
        await page.goto(`${base}/d/p/${site.bare.id}?tab=plan`);
        await page.waitForSelector('[data-gate]');
        for (const each of gate.conditions)
            await page.waitForSelector(`[data-condition=${each.code}][data-met=${each.met}]`);
    });
    await check('a cell of the year opens its lines', async () => {
        await page.goto(`${base}/d/plan?period=${site.on.slice(0, 4)}`);
        await page.waitForSelector('[data-year=focus]');
        const plan = await ask(page, `year-plan?period=${site.on.slice(0, 4)}`);
        const word = plan.focuses.reduce((a, b) => (b.planned > a.planned ? b : a));
        const cell = word.months.find((each) => each.planned > 0);
        const at = `[data-year=focus] [data-word=${word.name}] td:nth-of-type(${cell.month}) a`;
        const text = (await page.textContent(at)).trim();
        must(text.endsWith(`${cell.done}/${cell.planned}`), `the cell says ${text}`);
        await page.focus(at);
        await page.keyboard.press('Enter');
        await page.waitForSelector('.year-lines [data-line]');
        const lines = await page.$$('.year-lines [data-line]');
        must(lines.length === cell.planned, `${lines.length} lines behind ${cell.planned}`);
        const thin = plan.focuses.filter((each) => each.thin).length;
        const marked = await page.$$('[data-year=focus] [data-thin]');
        must(marked.length === thin, `${marked.length} of ${thin} thin ones are marked`);
        await looks(page, `year-cell-${tag}`, false);
    });
    await check('both curves of an objective are drawn, told and tabled, and grow', async () => {
        await page.goto(`${base}/d/p/${site.project.id}?tab=objectives`);
        const card = `[data-objective="${site.objective.id}"]`;
        await page.waitForSelector(`${card} svg[role=img]`);
        const label = await page.getAttribute(`${card} svg[role=img]`, 'aria-label');
        must(label.includes(site.objective.target.title), `the chart is called ${label}`);
        const before = (await page.$$(`${card} [data-figure]`)).length;
        await page.click(`${card} [data-say]`);
        await page.fill('#figure-form input[name=value]', '四十');
        must(await page.isDisabled('dialog [data-confirm]'), 'it takes what is no number');
        await page.fill('#figure-form input[name=value]', '41.5');
        await looks(page, `figure-${tag}`, false);
        await page.click('dialog [data-confirm]');
        await closed(page);
        await page.waitForFunction(
            ([at, rows]) => document.querySelectorAll(`${at} [data-figure]`).length === rows,
            [card, before + 1],
        );
        must((await page.textContent(card)).includes('41.5'), 'the figure is not shown');
    });
}

/** As it comes out of the printer: nothing to press is left on the paper. */
async function paper(page, name, url, ready) {
    await check(`${name} on paper`, async () => {
        await page.goto(`${base}${url}`);
        await page.waitForSelector(ready);
        await page.emulateMedia({ media: 'print' });
        const pressable = await page.$$eval('main button, main input, main select', (list) =>
            list.filter((each) => each.getClientRects().length > 0).map((each) => each.outerHTML),
        );
        await picture(page, `${name}-paper`);
        await page.emulateMedia({ media: 'screen' });
        must(pressable.length === 0, pressable.slice(0, 3).join('\n'));
    });
}

async function screens(page, site, tag, phone) {
    const project = `/d/p/${site.project.id}`;
    const year = site.on.slice(0, 4);
    const items = (await ask(page, 'items')).items;
    const item = items.reduce((a, b) => (b.tasks > a.tasks ? b : a));
    const list = [
        ['items', '/d/items', '[data-item]'],
        ['items-none', '/d/items?q=zzzzzz', '.empty'],
        ['item', `/d/items/${item.id}`, 'tr[data-task]'],
        ['deploy-empty', '/d/items/new', '#deploy-form [data-count]'],
        ['assess', `/d/assess?period=${site.month}`, 'tr[data-assessed]'],
        ['assess-none', '/d/assess?period=1999-01', '.empty'],
        [
            'assessment-group',
            `/d/g/${site.crew.id}?tab=assessment&period=${site.month}`,
            '[data-self]',
        ],
        ['plan', `${project}?tab=plan`, '[data-line]'],
        ['plan-gate', `/d/p/${site.bare.id}?tab=plan`, '[data-condition]'],
        ['year', `/d/plan?period=${year}`, '[data-year=grip]'],
        ['year-lines', `/d/plan?period=${year}&grip=basics`, '.year-lines [data-line]'],
        ['year-none', '/d/plan?period=1999', '[data-year=grip]'],
        ['objectives', `${project}?tab=objectives`, '[data-objective]'],
        ['objectives-none', `/d/p/${site.bare.id}?tab=objectives`, '.empty'],
        ['handover', `/d/g/${site.crew.id}/handover`, '[data-open-line]'],
        ['closing', `${project}/closing`, '[data-archive]'],
    ];
    for (const [name, url, ready] of list) await screen(page, name, tag, url, ready, phone);
    for (const [name, button, ready] of [
        ['apply', '[data-apply]', '[data-made]'],
        ['shift', '[data-shift]', '#shift-form'],
    ])
        await check(`${name} ${tag}`, async () => {
            await page.goto(`${base}${project}?tab=plan`);
            await page.click(button);
            await page.waitForSelector(ready);
            await looks(page, `${name}-sheet-${tag}`, phone);
        });
}

async function reading(browser, site) {
    const { context, page } = await open(browser, 'zh-CN', 1280);
    await check('who may only read is offered nothing to deploy, apply, move or say', async () => {
        await page.goto(`${base}/d`);
        await enter(page, AUDITOR_NAME, AUDITOR_PASSWORD);
        await page.waitForSelector('tr[data-project]');
        for (const [url, ready] of [
            ['/d/items', '[data-item]'],
            [`/d/p/${site.project.id}?tab=plan`, '[data-line]'],
            [`/d/p/${site.project.id}?tab=objectives`, '[data-objective]'],
            [`/d/g/${site.crew.id}?tab=assessment&period=${site.month}`, '[data-points]'],
        ]) {
            await page.goto(`${base}${url}`);
            await page.waitForSelector(ready);
            const writes = '[data-deploy], [data-apply], [data-shift], [data-say], [data-self-say]';
            must((await page.$(`${writes}, [data-object]`)) === null, `${url} offers to write`);
        }
        await page.goto(`${base}/d/items/new`);
        await page.waitForSelector('.nothing');
    });
    await context.close();
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
        await deploying(page, tag);
        await assessing(page, site, tag);
        await planning(page, site, tag);
        await paper(page, 'closing', `/d/p/${site.project.id}/closing`, '[data-archive]');
        await paper(page, 'handover', `/d/g/${site.crew.id}/handover`, '[data-open-line]');
        await paper(page, 'year', '/d/plan', '[data-year=grip]');
        await paper(page, 'assess', '/d/assess', 'tr[data-assessed]');
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
finish('plan');
