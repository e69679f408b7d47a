// later.ts - the parts of the app that come after the first page: fetched while nobody waits, so
// that a page opens at once and also when the connection has gone; and what to do when one is
// missing.

import type { Router } from 'vue-router';
import { api } from '@/data/api';
import { i18n, wordsOfPages } from '@/i18n';
import * as sheets from './sheets';
import { useToast } from './toast';

const QUIET_AFTER_MS = 2500;

export function fetchRestLater(router: Router): void {
  const loaders = router
    .getRoutes()
    .map((route) => route.components?.default)
    .filter((component): component is () => Promise<never> => typeof component === 'function');
  window.setTimeout(async () => {
    for (const load of [wordsOfPages, ...loaders, ...Object.values(sheets)]) {
      try {
        await load();
      } catch {
        return; // No connection now; each part is asked for again when it is needed.
      }
    }
  }, QUIET_AFTER_MS);
}

/** A part that cannot be had: the server is away, or has a newer app than this one. */
export function explainMissingParts(router: Router): void {
  router.onError(async (_error, to) => {
    try {
      await api.alive();
    } catch {
      useToast().say(i18n.global.t('error.code.network'));
      return;
    }
    window.location.assign(to.fullPath);
  });
}
