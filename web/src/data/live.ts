// live.ts - news from the node. One stream of events while the page is visible; when it breaks, the
// node is asked whether it lives, ever less often. Whoever shows data watches `version`.

import { defineStore } from 'pinia';
import { ref } from 'vue';
import { api } from './api';

const RETRY_FIRST_MS = 5000;
const RETRY_LAST_MS = 600_000;
const GATHER_MS = 150; // several changes in a row are one reason to look again

export const useLive = defineStore('live', () => {
  const version = ref(0);
  const reached = ref(true);
  let source: EventSource | null = null;
  let wanted = false;
  let retryMs = RETRY_FIRST_MS;
  let retryTimer = 0;
  let newsTimer = 0;

  function news(): void {
    window.clearTimeout(newsTimer);
    newsTimer = window.setTimeout(() => version.value++, GATHER_MS);
  }

  function close(): void {
    window.clearTimeout(retryTimer);
    source?.close();
    source = null;
  }

  function retryLater(): void {
    window.clearTimeout(retryTimer);
    retryTimer = window.setTimeout(() => void tryAgain(), retryMs);
    retryMs = Math.min(retryMs * 2, RETRY_LAST_MS);
  }

  async function tryAgain(): Promise<void> {
    try {
      await api.alive();
    } catch {
      retryLater();
      return;
    }
    open();
    news();
  }

  function open(): void {
    close();
    if (!wanted || document.visibilityState === 'hidden') return;
    const stream = new EventSource(api.eventsUrl);
    source = stream;
    stream.addEventListener('open', () => {
      reached.value = true;
      retryMs = RETRY_FIRST_MS;
    });
    stream.addEventListener('change', news);
    stream.addEventListener('error', () => {
      if (source !== stream) return;
      // The browser would knock every few seconds for ever; we knock less and less often.
      close();
      retryLater();
    });
  }

  // A hidden tab gives its connection back: a browser has only six per node over plain HTTP.
  document.addEventListener('visibilitychange', () => {
    if (!wanted) return;
    if (document.visibilityState === 'hidden') return close();
    retryMs = RETRY_FIRST_MS;
    open();
    news();
  });
  window.addEventListener('online', () => {
    if (wanted) void tryAgain();
  });

  return {
    version,
    reached,
    news,
    heard(answered: boolean): void {
      reached.value = answered;
    },
    start(): void {
      wanted = true;
      open();
    },
    stop(): void {
      wanted = false;
      close();
    },
    tryNow(): void {
      retryMs = RETRY_FIRST_MS;
      void tryAgain();
    },
  };
});
