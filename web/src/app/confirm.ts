// confirm.ts - somebody is asked for their password before something touchy is done. Whoever wants
// it while the question stands waits for the same answer.

import { defineStore } from 'pinia';
import { ref } from 'vue';

export const useConfirm = defineStore('confirm', () => {
  const asking = ref(false);
  let waiting: Promise<boolean> | null = null;
  let settle: (confirmed: boolean) => void = () => undefined;

  return {
    asking,
    ask(): Promise<boolean> {
      asking.value = true;
      waiting ??= new Promise((resolve) => (settle = resolve));
      return waiting;
    },
    answer(confirmed: boolean): void {
      asking.value = false;
      waiting = null;
      settle(confirmed);
    },
  };
});
