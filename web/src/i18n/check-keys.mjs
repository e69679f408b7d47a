// check-keys.mjs - holds the two languages to one another and to the code: every key in both, the
// same placeholders, every used key there, no key unused, no Chinese written into a page, and on the
// first page no word that only comes later.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const source = path.join(here, '..');
const LANGUAGES = ['zh-CN', 'en'];
// Words for values that come from the server; the code never spells these keys out.
const BY_VALUE = ['error.code', ...readWordSets()];
const problems = [];

// word('role', …), or a set of states that a chip is told of: set="owed".
function wordUse(set) {
    return new RegExp(`word\\('${set}'|\\bset="${set}"`);
}

function readWordSets() {
    const used = filesIn(source)
        .map((file) => readFileSync(file, 'utf8'))
        .join('\n');
    return ['common', 'state'].flatMap((section) => {
        const words = JSON.parse(readFileSync(path.join(here, 'zh-CN', `${section}.json`), 'utf8'));
        return Object.keys(words)
            .filter((set) => typeof words[set] === 'object' && wordUse(set).test(used))
            .map((set) => `${section}.${set}`);
    });
}

function filesIn(folder) {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const full = path.join(folder, entry.name);
        if (entry.isDirectory()) return filesIn(full);
        // vocab.ts is generated and carries no words of ours.
        const ours = !/\.test\.ts$/.test(entry.name) && entry.name !== 'vocab.ts';
        return /\.(vue|ts)$/.test(entry.name) && ours ? [full] : [];
    });
}

function flatten(value, prefix, into) {
    for (const [key, inner] of Object.entries(value)) {
        const name = prefix ? `${prefix}.${key}` : key;
        if (typeof inner === 'string') into.set(name, inner);
        else flatten(inner, name, into);
    }
    return into;
}

function messagesOf(language) {
    const all = new Map();
    for (const file of readdirSync(path.join(here, language)).filter((name) =>
        name.endsWith('.json'),
    )) {
        const text = readFileSync(path.join(here, language, file), 'utf8');
        flatten(JSON.parse(text), path.basename(file, '.json'), all);
    }
    return all;
}

const placeholders = (text) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort().join(' ');
const [chinese, english] = LANGUAGES.map(messagesOf);

for (const [key, text] of chinese) {
    if (!english.has(key)) problems.push(`en lacks ${key}`);
    else if (placeholders(text) !== placeholders(english.get(key))) {
        problems.push(`${key} has other placeholders in en`);
    }
    if (text.trim() === '') problems.push(`zh-CN ${key} is empty`);
}
for (const [key, text] of english) {
    if (!chinese.has(key)) problems.push(`zh-CN lacks ${key}`);
    if (text.trim() === '') problems.push(`en ${key} is empty`);
    if (/[\u3400-\u9fff]/.test(text)) problems.push(`en ${key} is not English`);
}

// The files that the first page imports, and theirs.
function firstFiles() {
    const seen = new Set();
    const waiting = [path.join(source, 'main.ts')];
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
        if (seen.has(file)) continue;
        seen.add(file);
        const code = readFileSync(file, 'utf8');
        for (const [, name] of code.matchAll(/^(?:import|export|\}) (?!type ).*'([@.][^']+)';$/gm)) {
            const base = name.startsWith('@/')
                ? path.join(source, name.slice(2))
                : path.join(path.dirname(file), name);
            const found = [base, `${base}.ts`, path.join(base, 'index.ts')].find(
                (each) => /\.(ts|vue)$/.test(each) && existsSync(each),
            );
            if (found) waiting.push(found);
        }
    }
    return seen;
}

function firstSections() {
    const code = readFileSync(path.join(here, 'zh-CN', 'index.ts'), 'utf8');
    return new Set([...code.matchAll(/'\.\/([a-z]+)\.json'/g)].map(([, name]) => name));
}

const first = { files: firstFiles(), sections: firstSections() };
const used = new Set();
const prefixes = new Set(BY_VALUE);
const KEY = /(?:\bt\(|text: )\s*['"`]([a-z]+\.[A-Za-z_.]+)(\$\{|['"`])/g;
for (const file of filesIn(source)) {
    const where = path.relative(source, file);
    const code = readFileSync(file, 'utf8');
    for (const [, name, end] of code.matchAll(KEY)) {
        if (first.files.has(file) && !first.sections.has(name.split('.')[0])) {
            problems.push(`${where} comes with the first page, ${name} does not`);
        }
        if (end === '${') prefixes.add(name.replace(/\.$/, ''));
        else if (chinese.has(name)) used.add(name);
        else problems.push(`${where} uses ${name}, which does not exist`);
    }
    const spoken = code.replace(/\/\/.*$/gm, '').replace(/'中文'|语言 Language/g, '');
    if (!where.startsWith('i18n') && /[\u3400-\u9fff]/.test(spoken)) {
        problems.push(`${where} has Chinese text outside the messages`);
    }
}
for (const prefix of prefixes) {
    const below = [...chinese.keys()].filter((key) => key.startsWith(`${prefix}.`));
    if (below.length === 0) problems.push(`no message begins with ${prefix}.`);
    below.forEach((key) => used.add(key));
}
for (const key of chinese.keys()) {
    if (!used.has(key)) problems.push(`${key} is never used`);
}

if (problems.length > 0) {
    console.error(problems.join('\n'));
    console.error(`messages: ${problems.length} problems`);
    process.exit(1);
}
console.log(`messages: ${chinese.size} keys, the same in both languages, all used`);
