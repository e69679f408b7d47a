// Compiles the messages of src/i18n/<language>/*.json while bundling, so that no compiler travels
// to the browser. A message that does not parse fails the build and says where it stands.
import { baseCompile } from '@intlify/message-compiler';
import path from 'node:path';

const MESSAGE_FILE = /[\\/]i18n[\\/][A-Za-z-]+[\\/][a-z]+\.json$/;

function compile(value, where) {
    if (typeof value === 'string') {
        const options = {
            jit: true,
            minify: true,
            optimize: true,
            location: false,
            onError(error) {
                throw new Error(`${where}: ${error.message}`);
            },
        };
        return baseCompile(value, options).ast;
    }
    const compiled = {};
    for (const key of Object.keys(value)) compiled[key] = compile(value[key], `${where}.${key}`);
    return compiled;
}

export function compiledMessages() {
    return {
        name: 'compiled-messages',
        enforce: 'pre',
        transform(code, id) {
            const file = id.split('?')[0];
            if (!MESSAGE_FILE.test(file)) return null;
            const messages = compile(JSON.parse(code), path.basename(file, '.json'));
            return {
                code: `export default JSON.parse(${JSON.stringify(JSON.stringify(messages))});`,
                map: null,
                moduleType: 'js',
            };
        },
    };
}
