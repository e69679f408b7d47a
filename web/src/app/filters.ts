// filters.ts - a list's filters live in the address, and so does the site that a page is about.

import { computed, watch } from 'vue';
import { useRoute, useRouter, type LocationQuery } from 'vue-router';
import { api } from '@/data/api';
import { useQuery } from '@/data/query';
import type { Named } from '@/data/types';
import { one } from '@/domain/view';
import { useDay } from './place';

export function useFilters() {
  const route = useRoute();
  const router = useRouter();

  /** The address with these filters, from the first page on; what is empty is left out. */
  function at(part: LocationQuery): { query: LocationQuery } {
    const query: LocationQuery = { ...route.query, ...part };
    delete query.page;
    for (const name of Object.keys(query)) if (!query[name]) delete query[name];
    return { query };
  }
  return { at, set: (part: LocationQuery) => void router.replace(at(part)) };
}

const NEAR_MAX = 20;

/** The project that a page is about. Who sees one project only has nothing to choose. */
export function useSite(leaves: Record<string, ''> = {}, isAsked: () => boolean = () => true) {
  const route = useRoute();
  const { set } = useFilters();
  const { on, shown } = useDay();
  const id = computed(() => one(route.query, 'project'));
  const page = useQuery(
    () => (id.value ? `${id.value} ${shown.value}` : null),
    (signal) => api.project(id.value, on.value, signal),
  );
  const near = useQuery(
    () => (isAsked() ? 'near' : null),
    (signal) => api.projects({ size: NEAR_MAX }, signal),
  );
  watch(near.data, (data) => {
    if (!id.value && data?.total === 1 && data.items[0]) set({ project: data.items[0].id });
  });
  return {
    id,
    page,
    near: near.data,
    isAlone: computed(() => near.data.value?.total === 1),
    project: computed<Named | null>({
      get: () => page.data.value?.project ?? null,
      set: (next) => {
        if (next && next.id !== id.value) set({ ...leaves, project: next.id });
      },
    }),
  };
}
