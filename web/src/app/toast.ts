// toast.ts - a passing word that something was done. Never the only sign of it.

import { defineStore } from 'pinia';
import { ref } from 'vue';

const SHOWN_MS = 6000;

export const useToast = defineStore('toast', () => {
  const text = ref('');
  let timer = 0;
  return {
    text,
    say(words: string): void {
      text.value = words;
      window.clearTimeout(timer);
      timer = window.setTimeout(() => (text.value = ''), SHOWN_MS);
    },
  };
});
