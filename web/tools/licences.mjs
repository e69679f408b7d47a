// Writes licences.txt beside the app: the licence of every package of which something is in it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const PACKAGE = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/;

function chapter(root) {
    const { name, version, license } = JSON.parse(
        readFileSync(path.join(root, 'package.json'), 'utf8'),
    );
    const file = readdirSync(root).find((each) => /^licen[cs]e/i.test(each));
    const text = file ? readFileSync(path.join(root, file), 'utf8').trim() : '';
    return `${name} ${version} (${license})\n\n${text}\n`;
}

export function licences() {
    return {
        name: 'licences',
        apply: 'build',
        generateBundle(_, bundle) {
            const roots = new Set();
            const modules = Object.values(bundle).flatMap((part) =>
                Object.entries(part.modules ?? {}),
            );
            for (const [id, { renderedLength }] of modules) {
                if (renderedLength === 0) continue;
                const root = PACKAGE.exec(id.replace(/^\0/, ''))?.[0];
                if (root && existsSync(path.join(root, 'package.json'))) roots.add(root);
            }
            const source = [...roots]
                .sort()
                .map(chapter)
                .join(`\n${'-'.repeat(72)}\n\n`);
            this.emitFile({ type: 'asset', fileName: 'licences.txt', source });
        },
    };
}
