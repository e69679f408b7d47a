import './ui/tokens.css';
import './ui/base.css';
import './ui/print.css';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './app/App.vue';
import { useConfirm } from './app/confirm';
import { explainMissingParts, fetchRestLater } from './app/later';
import { useLive } from './data/live';
import { usePrefs } from './app/prefs';
import { router } from './app/router';
import { useSession } from './app/session';
import { watchHttp } from './data/http';
import { i18n } from './i18n';

async function start(): Promise<void> {
  const app = createApp(App).use(createPinia()).use(i18n);
  const session = useSession();
  const live = useLive();
  watchHttp({
    csrf: () => session.session?.csrf ?? '',
    heard: (reached) => live.heard(reached),
    confirm: () => useConfirm().ask(),
    askAgain: () => session.askAgain(),
    signedOut: () => {
      if (!session.signedIn) return;
      session.lost();
      live.stop();
      const here = router.currentRoute.value;
      if (!here.meta.open) void router.push({ name: 'signin', query: { next: here.fullPath } });
    },
  });
  await usePrefs().ready();
  app.use(router);
  explainMissingParts(router);
  await router.isReady();
  app.mount('#app');
  fetchRestLater(router);
}

void start();
