// place.ts - the address as the page's memory: the day, and which sheet stands open.

import { computed, watchEffect } from 'vue';
import { useRoute, useRouter, type LocationQuery } from 'vue-router';
import { periodOf } from '@/domain/period';
import { dayOf, noDayOf, one } from '@/domain/view';
import { useSession } from './session';

export function useDay() {
  const route = useRoute();
  const router = useRouter();
  const session = useSession();
  return {
    /** Null means today, whichever day that is at the node. */
    on: computed(() => dayOf(route.query)),
    /** What the address names and is no day; empty when all is well. */
    noDay: computed(() => (route.meta.dayless ? '' : noDayOf(route.query))),
    shown: computed(() => dayOf(route.query) ?? session.today),
    setDay(day: string | null): void {
      const query: LocationQuery = { ...route.query };
      delete query.page;
      if (day === null) delete query.on;
      else query.on = day;
      void router.push({ query });
    },
  };
}

/** The stretch of the calendar that a page shows; the month of the day when the address has none. */
export function usePeriod() {
  const route = useRoute();
  const router = useRouter();
  const { shown } = useDay();
  return {
    period: computed(() => periodOf(route.query, shown.value)),
    setPeriod(period: string): void {
      const query: LocationQuery = { ...route.query, period };
      delete query.page;
      void router.push({ query });
    },
  };
}

/** Which side of a thing is looked at; the first when the address names none of them. */
export function useTab<Tab extends string>(tabs: readonly Tab[]) {
  const route = useRoute();
  return computed<Tab>(() => tabs.find((tab) => tab === one(route.query, 'tab')) ?? tabs[0]!);
}

/** A sheet that stands over any page while its name is in the address. */
export function useSheet(name: 'why' | 'move') {
  const route = useRoute();
  const router = useRouter();
  const value = computed(() => one(route.query, name));

  function without(): LocationQuery {
    const query: LocationQuery = { ...route.query };
    delete query[name];
    if (name === 'move') delete query.to;
    return query;
  }

  return {
    value,
    at: (text: string, more: Record<string, string> = {}) => ({
      query: { ...route.query, ...more, [name]: text },
    }),
    close(): void {
      const target = router.resolve({ path: route.path, query: without() }).fullPath;
      if (window.history.state?.back === target) router.back();
      else void router.replace(target);
    },
  };
}

export function useTitle(title: () => string): void {
  watchEffect(() => {
    document.title = title();
  });
}
