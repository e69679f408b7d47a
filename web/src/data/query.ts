// query.ts - a question put by a page: asked again when it changes or when the node has news, the
// old answer staying on the screen until the new one is there.

import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { useLive } from './live';
import { ApiError } from './http.ts';

const SHOW_LOADING_AFTER_MS = 300;
const SAY_SLOW_AFTER_MS = 8000;

export interface Question<Answer> {
  data: ShallowRef<Answer | null>;
  error: ShallowRef<ApiError | null>;
  waiting: Ref<boolean>; // long enough to show it
  slow: Ref<boolean>;
  updatedAt: Ref<number>; // ms; 0: never
  again: () => void;
}

/** `key` names the question; null asks nothing. */
export function useQuery<Answer>(
  key: () => string | null,
  ask: (signal: AbortSignal) => Promise<Answer>,
): Question<Answer> {
  const live = useLive();
  const data = shallowRef<Answer | null>(null);
  const error = shallowRef<ApiError | null>(null);
  const waiting = ref(false);
  const slow = ref(false);
  const updatedAt = ref(0);
  let current: AbortController | null = null;
  let answered: string | null = null; // the question that `data` answers
  let timers: number[] = [];

  function settle(): void {
    timers.forEach((timer) => window.clearTimeout(timer));
    timers = [];
    waiting.value = false;
    slow.value = false;
  }

  async function run(quietly: boolean): Promise<void> {
    current?.abort();
    const mine = new AbortController();
    const asked = key();
    current = mine;
    if (!quietly) {
      settle();
      timers = [
        window.setTimeout(() => (waiting.value = true), SHOW_LOADING_AFTER_MS),
        window.setTimeout(() => (slow.value = true), SAY_SLOW_AFTER_MS),
      ];
    }
    try {
      const answer = await ask(mine.signal);
      if (current !== mine) return;
      data.value = answer;
      answered = asked;
      error.value = null;
      updatedAt.value = Date.now();
    } catch (thrown) {
      if (current !== mine) return;
      error.value =
        thrown instanceof ApiError ? thrown : new ApiError(0, 'internal', String(thrown));
      // An old answer to the same question is better than none; to another one it would mislead.
      if (answered !== asked) data.value = null;
    }
    settle();
  }

  watch(
    key,
    (next) => {
      if (next !== null) void run(false);
      else {
        current?.abort();
        current = null;
        data.value = null;
        error.value = null;
        settle();
      }
    },
    { immediate: true },
  );
  watch(
    () => live.version,
    () => {
      if (key() !== null) void run(data.value !== null);
    },
  );
  onScopeDispose(() => {
    current?.abort();
    current = null;
    settle();
  });

  return { data, error, waiting, slow, updatedAt, again: () => void run(false) };
}
