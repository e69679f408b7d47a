import vue from '@vitejs/plugin-vue';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { licences } from './tools/licences.mjs';
import { compiledMessages } from './tools/messages.mjs';

const server = process.env.TONGPIN_SERVER ?? 'http://127.0.0.1:8600';

// The floor of browsers on site desktops and phones: Chromium 86, Safari 15.4.
const floor = ['chrome86', 'safari15.4'];

type Graph = { getModuleInfo: (id: string) => { importedIds: string[] } | null };
let firstLoad: Set<string> | null = null;

/** What the first page imports is the app; what only other pages share is one part beside it. */
function appOrParts(id: string, graph: Graph): string {
  if (firstLoad === null) {
    firstLoad = new Set();
    const waiting = [fileURLToPath(new URL('./src/main.ts', import.meta.url))];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (firstLoad.has(next)) continue;
      firstLoad.add(next);
      waiting.push(...(graph.getModuleInfo(next)?.importedIds ?? []));
    }
  }
  return firstLoad.has(id) ? 'app' : 'parts';
}

export default defineConfig({
  plugins: [vue(), compiledMessages(), licences()],
  resolve: {
    alias: {
      '@': fileURLToPath(new URL('./src', import.meta.url)),
      // The build without a message compiler: messages arrive compiled, nothing needs eval.
      'vue-i18n': 'vue-i18n/dist/vue-i18n.runtime.mjs',
    },
  },
  define: {
    __VUE_OPTIONS_API__: false,
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __VUE_I18N_LEGACY_API__: false,
    __INTLIFY_DROP_MESSAGE_COMPILER__: true,
    __INTLIFY_PROD_DEVTOOLS__: false,
  },
  build: {
    target: floor,
    cssTarget: floor,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 400,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'vendor', test: /node_modules[\\/](@?vue|@intlify|pinia|vue-)/, priority: 2 },
            { name: appOrParts, test: /[\\/]src[\\/](app|ui|data|domain)[\\/]/, priority: 1 },
          ],
        },
      },
    },
  },
  server: {
    proxy: { '/api': { target: server }, '/healthz': { target: server } },
  },
});
