// browser.mjs - what every proof in the browser shares: a Chromium, pages that are watched, checks that
// fail on any console error, any breach of the content security policy and any request to another
// host, and axe.
//
//   BASE_URL       the server, e.g. http://127.0.0.1:8600
//   KEEL_NAME, KEEL_PASSWORD   who signs in; needs to read, write and move groups
//   CHROMIUM       the browser; /usr/bin/chromium when not given
//   SHOTS          a folder for pictures of every screen; none are made without it
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(new URL('../../web/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export const { KEEL_NAME, KEEL_PASSWORD } = process.env;
const { BASE_URL, SHOTS } = process.env;
export const PATIENCE_MS = Number(process.env.KEEL_PATIENCE_MS ?? 15_000);
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const TAP_PX = 48;
if (!BASE_URL || !KEEL_NAME || !KEEL_PASSWORD) {
    console.error('web: set BASE_URL, KEEL_NAME and KEEL_PASSWORD');
    process.exit(2);
}
export const base = BASE_URL.replace(/\/$/, '');

let passed = 0;
let failed = 0;
export const anyFailed = () => failed > 0;
export const faults = []; // what the browser complained about since the last check

export async function check(name, body) {
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
export function must(condition, words) {
    if (!condition) throw new Error(words);
}

export function watch(page) {
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

export async function open(browser, language, width, prefs = {}) {
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

export async function picture(page, name) {
    if (!SHOTS) return;
    mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: path.join(SHOTS, `${name}.png`) });
}

export async function axe(page) {
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
export async function smallTargets(page) {
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
                    ? each.closest('tr, .row-of-link').getBoundingClientRect()
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

export async function enter(page, name, password) {
    await page.fill('input[name=username]', name);
    await page.fill('input[name=password]', password);
    await page.press('input[name=password]', 'Enter');
}

export async function signIn(page, to = '/d') {
    await page.goto(`${base}${to}`);
    await enter(page, KEEL_NAME, KEEL_PASSWORD);
    await page.waitForSelector('tr[data-project]');
}

export const ask = async (page, url) => {
    const response = await page.request.get(`${base}/api/v1/${url}`);
    must(response.ok(), `GET ${url} answered ${response.status()}`);
    return response.json();
};

const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
export const launch = () =>
    chromium.launch({
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

const ALL_LOOKS = [
    ['zh-CN', 1280],
    ['en', 1280],
    ['zh-CN', 390],
    ['en', 390],
    ['zh-CN', 1280, { theme: 'dark' }],
    ['en', 390, { theme: 'outdoor', text: 'largest' }],
];
/** In which each screen is looked at: language, width, what somebody prefers. QUICK: two of them. */
export const LOOKS = process.env.QUICK ? [ALL_LOOKS[0], ALL_LOOKS[3]] : ALL_LOOKS;

/** Says what passed and ends. */
export function finish(name) {
    console.log(`web ${name}: ${passed} passed, ${failed} failed`);
    process.exit(failed === 0 ? 0 : 1);
}

/** One screen: axe, a picture, no wider than the screen, and on a phone nothing small to press. */
export async function screen(page, name, tag, url, ready, phone) {
    await check(`${name} ${tag}`, async () => {
        await page.goto(`${base}${url}`);
        await page.waitForSelector(ready);
        await looks(page, `${name}-${tag}`, phone);
    });
}

/** The same of what is on the screen now. */
export async function looks(page, name, phone) {
    await axe(page);
    await picture(page, name);
    const wide = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    must(wide <= 0, `the page is ${wide} px wider than the screen`);
    if (!phone) return;
    const small = await smallTargets(page);
    must(small.length === 0, small.slice(0, 6).join('\n'));
}
