// tree.spec.mjs - several nodes in a real browser: a headquarters that has heard from a box that was
// away shows what both wrote side by side, and one of the two is chosen.
//
// Takes what browser.mjs takes, and QUICK: only two of the six looks. It writes facts: run it on data
// made for it.
import { base, check, finish, launch, LOOKS, looks, must, open, signIn } from './browser.mjs';

async function look(browser, language, width, prefs) {
    const { context, page, tag } = await open(browser, language, width, prefs);
    await check(`conflicts ${tag}`, async () => {
        await signIn(page);
        await page.goto(`${base}/d/conflicts`);
        await page.waitForSelector('[data-conflict]');
        await looks(page, `conflicts-${tag}`, width < 600);
    });
    await context.close();
}

async function choose(browser) {
    const { context, page, tag } = await open(browser, 'zh-CN', 1280);
    await check('the way to the page', async () => {
        await signIn(page);
        await page.click('.account > button');
        await page.click('#account-panel a[href*="conflicts"]');
        await page.waitForSelector('[data-conflict]');
    });
    await check('both sides are shown, and one is chosen', async () => {
        const words = await page.innerText('[data-conflict]');
        must(words.includes('甲公司') && words.includes('乙公司'), words);
        await page.click('[data-take]');
        await page.waitForSelector('.empty');
        await looks(page, `conflicts-none-${tag}`, false);
        await page.goto(`${base}/d`);
        await page.waitForSelector('tr[data-project]');
        const { items } = await (await page.request.get(`${base}/api/v1/units?size=200`)).json();
        must(
            items.some(({ name }) => words.includes(name)),
            'the unit has neither name',
        );
    });
    await context.close();
}

const browser = await launch();
try {
    for (const [language, width, prefs] of LOOKS) await look(browser, language, width, prefs);
    await choose(browser);
} finally {
    await browser.close();
}
finish('tree');
