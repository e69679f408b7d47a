// lock.mjs - run after every change of package.json: `npm install --ignore-scripts && npm run
// lock`.
//
// The bundler's native parts are optional packages that ask for Node 20 or newer. npm leaves an
// optional package out when its own Node is older, though the build runs on the Node of this lock
// file and not on npm's. So what they ask for is taken out here; what they are (their integrity)
// stays.
import { readFileSync, writeFileSync } from 'node:fs';

const FILE = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(FILE, 'utf8'));
let changed = 0;
for (const [name, entry] of Object.entries(lock.packages)) {
    if (entry.resolved) throw new Error(`${name} names a host; see .npmrc`);
    if (name !== '' && !entry.integrity) throw new Error(`${name} has no integrity`);
    if (!entry.optional || !entry.engines) continue;
    delete entry.engines;
    changed++;
}
if (process.argv.includes('--check')) {
    if (changed > 0) throw new Error('package-lock.json: run `npm run lock`');
    console.log(`lock file: ${Object.keys(lock.packages).length - 1} packages, all with integrity`);
} else {
    writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
    console.log(`lock file: ${changed} entries changed`);
}
