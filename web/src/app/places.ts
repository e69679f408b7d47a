// places.ts - where the main navigation leads: those an account may open. On a phone the bar holds a
// few of them, and the page "Me" the rest.

import { computed } from 'vue';
import { useRouter } from 'vue-router';
import type { IconName } from '@/ui/Icon.vue';
import { useSession } from './session';

export interface Place {
  name: string;
  icon: IconName;
  text: string;
  desk?: boolean; // not in the bar of a phone
}

const PLACES: readonly Place[] = [
  { name: 'board', icon: 'board', text: 'common.nav.board' },
  { name: 'site', icon: 'home', text: 'common.nav.site' },
  { name: 'gaps', icon: 'gap', text: 'common.nav.gaps', desk: true },
  { name: 'tasks', icon: 'check', text: 'common.nav.tasks' },
  { name: 'signals', icon: 'alert', text: 'common.nav.signals' },
  { name: 'notices', icon: 'info', text: 'common.nav.notices', desk: true },
  { name: 'ledgers', icon: 'book', text: 'common.nav.ledgers', desk: true },
  { name: 'people', icon: 'people', text: 'common.nav.people', desk: true },
];

export function usePlaces() {
  const router = useRouter();
  const session = useSession();
  return computed(() =>
    PLACES.filter(({ name }) => {
      const needs = router.resolve({ name }).meta.needs;
      return needs === undefined || session.may(needs);
    }),
  );
}
