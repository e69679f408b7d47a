// finish.mjs DIST - the last step of a build: compresses what the server sends, and holds the first
// load to its budget. The first load is index.html with every script and style sheet it names; the
// landing page is among them.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const BUDGET_KIB = { js: 110, css: 12 };
const TEXT = /\.(html|js|css|svg|json|txt|webmanifest)$/;
const dist = process.argv[2] ?? 'dist';

function filesIn(folder) {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const full = path.join(folder, entry.name);
        return entry.isDirectory() ? filesIn(full) : [full];
    });
}

const sizes = new Map();
for (const file of filesIn(dist).filter((name) => TEXT.test(name))) {
    const bytes = readFileSync(file);
    const gz = gzipSync(bytes, { level: 9 });
    const br = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
    writeFileSync(`${file}.gz`, gz);
    writeFileSync(`${file}.br`, br);
    sizes.set(path.relative(dist, file), { raw: bytes.length, gz: gz.length, br: br.length });
}

// Static imports are followed; an import() is not.
function reach(file, seen) {
    if (seen.has(file) || !sizes.has(file)) return seen;
    seen.add(file);
    if (!file.endsWith('.js')) return seen;
    const code = readFileSync(path.join(dist, file), 'utf8');
    const imports = /(?:\bfrom|\bimport)\s*["'](\.[^"']+)["']/g;
    for (const [, name] of code.matchAll(imports)) {
        reach(path.join(path.dirname(file), name), seen);
    }
    return seen;
}

const html = readFileSync(path.join(dist, 'index.html'), 'utf8');
const first = new Set();
for (const [, name] of html.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)) reach(name, first);

let over = false;
for (const [kind, budget] of Object.entries(BUDGET_KIB)) {
    const files = [...first].filter((name) => name.endsWith(`.${kind}`));
    const gz = files.reduce((sum, name) => sum + sizes.get(name).gz, 0) / 1024;
    const br = files.reduce((sum, name) => sum + sizes.get(name).br, 0) / 1024;
    const words = gz > budget ? 'OVER' : 'within';
    const figures = `${gz.toFixed(1)} KiB gz (${br.toFixed(1)} KiB br)`;
    console.log(`first load ${kind}: ${figures}, ${files.length} files, ${words} ${budget} KiB`);
    if (gz > budget) over = true;
}
const whole = [...sizes.values()].reduce((sum, size) => sum + size.gz, 0) / 1024;
console.log(`everything: ${whole.toFixed(1)} KiB gz in ${sizes.size} files`);
if (over) process.exit(1);
