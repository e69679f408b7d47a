// daily.spec.mjs - the day of a site and what looks over all sites in a real browser: a site's board,
// what all groups owe, notices and who has read them, the public sheet of hazards, what is sealed; and
// every screen of it in both languages, on a desk and on a phone.
//
// Takes what browser.mjs takes, LEADER_NAME and LEADER_PASSWORD (who leads one site), PROGRAM, NODE and
// READER_KEY (the program, the directory of the node and the key of somebody who reads integrity
// reports), and QUICK: only two of the six looks. It writes facts: run it on data made for it.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import {
    anyFailed,
    ask,
    base,
    check,
    enter,
    finish,
    launch,
    looks,
    LOOKS,
    must,
    open,
    picture,
    screen,
    signIn,
} from './browser.mjs';

const { LEADER_NAME, LEADER_PASSWORD, PROGRAM, NODE, READER_KEY } = process.env;
const SECRET = '材料验收只签字不看货';
const NOTICE = '明早六点半全员体检';

/** The project where something is owed. */
async function findSite(page) {
    const { items, on } = await ask(page, 'obligations?size=1');
    must(items.length === 1, 'no site owes anything');
    return { ...items[0].project, on };
}

async function morning(page, site, tag) {
    await check('a site opens all its boards on one page, and each number leads to its list', async () => {
        await page.goto(`${base}/d/site`);
        await page.click(`[data-site="${site.id}"] .row-link`);
        await page.waitForSelector('[data-site-sums]');
        const said = await ask(page, `projects/${site.id}/board`);
        const numbers = await page.$$eval('.site-n', (list) => list.map((each) => each.textContent));
        must(Number(numbers[0]) === said.obligations.counts.overdue, `overdue: ${numbers[0]}`);
        must(Number(numbers[3]) === said.signals.open, `signals: ${numbers[3]}`);
        for (const card of ['activities', 'owed', 'tasks', 'signals', 'programme', 'notices'])
            await page.waitForSelector(`[data-site-card=${card}]`);
        const links = await page.$$eval('.site-sum', (list) => list.map((each) => each.href));
        const ready = ['.owed-sum', '.owed-sum', '.tasks', '.tasks', '.tasks', '[data-notice]', '.groups'];
        for (const [nth, link] of links.entries()) {
            await page.goto(link);
            await page.waitForSelector(ready[nth]);
        }
        await page.goto(`${base}/d/site?project=${site.id}`);
        await page.click('[data-site-card=signals] .row-link >> nth=0');
        await page.waitForSelector('[data-standing]');
        await page.goto(`${base}/d/site?project=${site.id}&on=2026-07-01`);
        await page.waitForSelector('[data-site-sums]');
    });
    await check(`the day of a site as a picture ${tag}`, async () => {
        await page.goto(`${base}/d/site?project=${site.id}`);
        await page.waitForSelector('[data-site-sums]');
        await looks(page, `site-${tag}`, false);
    });
}

async function duties(page, site) {
    await check('what all sites owe is narrowed, leads to the site, and is saved as a table', async () => {
        await page.goto(`${base}/d`);
        await page.click('.tabs a[href*="/d/duties"]');
        const row = `tr[data-duty="${site.id}"]`;
        await page.waitForSelector(row);
        const said = (await ask(page, 'obligations')).items.find((each) => each.project.id === site.id);
        const cells = await page.$$eval(`${row} td`, (list) => list.map((td) => Number(td.textContent) || 0));
        must(cells[0] === said.counts.owed, `owed: ${cells[0]}`);
        must(
            cells.slice(1).reduce((sum, n) => sum + n, 0) === cells[0],
            `the columns do not add up: ${cells.join(' ')}`,
        );
        await page.selectOption('select[name=kind]', 'party');
        await page.waitForFunction(
            ([at, owed]) => Number(document.querySelector(`${at} td`)?.textContent) < owed,
            [row, cells[0]],
        );
        await page.selectOption('select[name=kind]', '');
        await page.selectOption('select[name=state]', 'waived');
        await page.waitForURL(/state=waived/);
        await page.waitForSelector(row);
        const saving = page.waitForEvent('download');
        await page.click('[data-export]');
        const file = readFileSync(await (await saving).path(), 'utf8');
        must(file.includes(site.name), 'the file lacks the site');
        await page.click(`${row} .duties-cell >> nth=0`);
        await page.waitForSelector('.owed-sum');
        must(page.url().includes(site.id), page.url());
    });
    await check('the summary shows coverage, obligations and tasks of each site', async () => {
        await page.goto(`${base}/d/duties`);
        await page.click('.tabs a[href*="/d/summary"]');
        await page.waitForSelector(`tr[data-duty="${site.id}"]`);
        const { total } = await ask(page, 'board');
        const rows = await page.$$('tr[data-duty]');
        must(rows.length === total, `${rows.length} of ${total} sites`);
        await page.click(`tr[data-duty="${site.id}"] .duties-state a`);
        await page.waitForSelector('dialog');
        await page.keyboard.press('Escape');
    });
}

async function notices(browser, page, site, tag) {
    await check('a notice is written to one site', async () => {
        await page.goto(`${base}/d/notices`);
        await page.click('[data-write]');
        await page.fill('#notice-form input[name=title]', NOTICE);
        await page.fill('#notice-form textarea', '带身份证，空腹。\n食堂八点开饭。');
        await page.click('#notice-form input[name=to]');
        await page.fill('#notice-form input[name=to]', site.name);
        await page.click(`[data-choice="${site.id}"]`);
        await looks(page, `notice-write-${tag}`, false);
        await page.click('dialog [data-confirm]');
        await page.waitForSelector('dialog', { state: 'detached' });
        await page.waitForSelector(`.row-of-link:has-text("${NOTICE}")`);
    });
    await check('opening a notice says that one has read it, and who has not is named', async () => {
        const { context, page: own } = await open(browser, 'zh-CN', 390);
        await own.goto(base);
        await enter(own, LEADER_NAME, LEADER_PASSWORD);
        await own.waitForSelector('[data-site-sums]'); // who leads a site begins there
        await own.goto(`${base}/d/notices`);
        const row = `.row-of-link:has-text("${NOTICE}")`;
        await own.waitForSelector(`${row} .state-chip[data-state=unread]`);
        await own.click(`${row} .row-link`);
        await own.waitForSelector('.facts .state-chip[data-state=read]');
        await own.waitForSelector('[data-readership] details');
        await looks(own, `notice-leader-${tag}`, true);
        await own.goto(`${base}/d/notices`);
        await own.waitForSelector(`${row} .state-chip[data-state=read]`);
        await context.close();
    });
    await check('who oversees sees it read', async () => {
        await page.click(`.row-of-link:has-text("${NOTICE}") .row-link`);
        await page.waitForFunction(
            () => Number(document.querySelector('.read-bar')?.value) >= 1,
        );
    });
}

async function hazards(page, site, tag) {
    await check('the public sheet of hazards names no raiser and leads to each hazard', async () => {
        await page.goto(`${base}/d/signals`);
        await page.click('.tabs a[href*="/d/signals/hazards"]');
        await page.waitForSelector('[data-hazard]');
        const { items } = await ask(page, 'signals/sheet');
        const rows = await page.$$('[data-hazard]');
        must(rows.length === items.length, `${rows.length} of ${items.length} hazards`);
        await page.emulateMedia({ media: 'print' });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        await picture(page, `hazards-print-${tag}`);
        await page.emulateMedia({ media: 'screen' });
        must(wide <= 1280, `${wide} px wide in print`);
        await page.click('[data-hazard] .link >> nth=0');
        await page.waitForSelector('[data-standing]');
    });
}

async function raiseSealed(page, site, kind) {
    await page.goto(`${base}/d/signals/sealed?project=${site.id}`);
    await page.click('[data-raise]');
    await page.selectOption('#raise-form select[name=kind]', kind);
    await page.click('#raise-form input[name=to]');
    await page.fill('#raise-form input[name=to]', site.name);
    await page.click(`[data-choice="${site.id}"]`);
    await page.waitForSelector('[data-could]');
}

async function sealed(page, site, tag) {
    await check('what nobody could open cannot be handed in, and the form says so', async () => {
        await raiseSealed(page, site, 'hardship');
        await page.waitForSelector('[data-could].tone-warn');
        await looks(page, `sealed-none-${tag}`, false);
        await page.keyboard.press('Escape');
        await page.waitForSelector('dialog', { state: 'detached' });
    });
    await check('a sealed report is handed in, and the command on the page opens it', async () => {
        await raiseSealed(page, site, 'integrity');
        must((await page.textContent('[data-could]')).includes('陈志远'), 'the reader is not named');
        await page.fill('#raise-form textarea', SECRET);
        await page.click('button[form=raise-form]');
        await page.waitForSelector('[data-receipt]');
        await page.click('dialog [data-close]');
        await page.waitForSelector('[data-waiting] [data-signal]');
        const text = await page.textContent('main');
        must(!text.includes(SECRET), 'the words are on the page');
        const command = (await page.textContent('.seal-command')).trim();
        await looks(page, `sealed-waiting-${tag}`, false);
        const args = command
            .split(' ')
            .slice(1)
            .map((arg) => ({ DIR: NODE, FILE: READER_KEY })[arg] ?? arg);
        const opened = execFileSync(PROGRAM, args, { encoding: 'utf8' });
        must(opened.includes(SECRET), `"${command}" said ${opened}`);
    });
}

async function briefing(page, site, tag) {
    await check('a pre-shift talk is begun, said, checked and signed', async () => {
        await page.goto(`${base}/d/site?project=${site.id}`);
        await page.click('[data-begin] >> nth=0');
        await page.waitForURL(/\/d\/a\//);
        const id = new URL(page.url()).pathname.split('/').at(-1);
        await page.click('[data-brief]');
        await page.fill('#brief-form textarea[name=task]', '18号塔组立');
        await page.fill('#brief-form textarea[name=safety]', '吊件下方不得站人');
        await page.selectOption('#brief-form select[name=scheme]', 'qgdw_12152_2021');
        await page.selectOption('#brief-form select[name=level]', '2');
        await looks(page, `brief-fill-${tag}`, false);
        await page.click('dialog [data-confirm]');
        await page.waitForSelector('[data-check]');
        const said = () => ask(page, `activities/${id}`).then((all) => all.parts[0]);
        must((await said()).briefing.risk_level.gravity === 4, 'how grave it is got lost');
        await page.selectOption('[data-check=harness] select', 'mended');
        await page.fill('[data-check=harness] input', '更换1根后备保护绳');
        await page.press('[data-check=harness] input', 'Tab');
        await page.waitForFunction(
            () => !document.querySelector('[data-check=harness] select')?.disabled,
        );
        await page.click('[data-all-fine]');
        await page.waitForSelector('[data-unchecked].tone-ok');
        const { briefing: checked } = await said();
        const harness = checked.checks.find((each) => each.item === 'harness');
        must(harness.found === 'mended' && harness.note !== '', JSON.stringify(harness));
        must(checked.unchecked === 0, `${checked.unchecked} unchecked`);
        await looks(page, `brief-checked-${tag}`, false);
        for (;;) {
            const left = (await page.$$('[data-unsigned-person]')).length;
            if (left === 0) break;
            await page.click('[data-unsigned-person] button >> nth=0');
            await page.waitForFunction(
                (n) => document.querySelectorAll('[data-unsigned-person]').length < n,
                left,
            );
        }
        await page.waitForSelector('[data-unsigned].tone-ok');
        must((await said()).unsigned.length === 0, 'somebody has not signed');
        await page.goto(`${base}/d/site?project=${site.id}`);
        await page.waitForSelector(`[data-site-card=talks] a[href*="${id}"]`);
    });
}

async function screens(page, site, tag, phone) {
    const notice = (await ask(page, 'notices')).items.at(-1);
    const talks = await ask(page, 'activities?meeting=pre_shift_talk&period=' + site.on.slice(0, 7) + `&project=${site.id}`);
    const list = [
        ['briefing', `/d/a/${talks.items.at(-1).id}`, '[data-briefing]'],
        ['site-choose', '/d/site', '[data-site]'],
        ['site', `/d/site?project=${site.id}`, '[data-site-card=notices]'],
        ['duties', '/d/duties', 'tr[data-duty]'],
        ['duties-none', '/d/duties?period=1999-01', '.empty'],
        ['summary', '/d/summary', 'tr[data-duty]'],
        ['notices', '/d/notices', '[data-notice]'],
        ['notice', `/d/notices/${notice.id}`, '[data-readership] .tasks'],
        ['hazards', '/d/signals/hazards', '[data-hazard]'],
        ['hazards-none', '/d/signals/hazards?period=1999-01', '.card .empty'],
        ['sealed', '/d/signals/sealed', '[data-waiting]'],
    ];
    for (const [name, url, ready] of list) await screen(page, name, tag, url, ready, phone);
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
        await morning(page, site, tag);
        await duties(page, site);
        await notices(browser, page, site, tag);
        await hazards(page, site, tag);
        await sealed(page, site, tag);
        await briefing(page, site, tag);
    }
    await context.close();
    for (const [language, width, prefs] of LOOKS) {
        const look = await open(browser, language, width, prefs);
        await check(`sign in ${look.tag}`, () => signIn(look.page));
        if (site) await screens(look.page, site, look.tag, width < 600);
        await look.context.close();
    }
} finally {
    await browser.close();
}
finish('daily');
