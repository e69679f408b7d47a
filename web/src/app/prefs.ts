// prefs.ts - how somebody likes to read: language, size of text, theme. Kept in this browser only.

import { defineStore } from 'pinia';
import { ref, watch } from 'vue';
import { isLanguage, setLanguage, type Language } from '@/i18n';

const KEY = 'tongpin.prefs';
export const TEXT_SIZES = ['normal', 'large', 'largest'] as const;
export const THEMES = ['auto', 'light', 'dark', 'outdoor'] as const;
export type TextSize = (typeof TEXT_SIZES)[number];
export type Theme = (typeof THEMES)[number];

function stored(): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {}; // Storage switched off: the defaults serve.
  }
}

const among = <Choice extends string>(choices: readonly Choice[], value: unknown): Choice =>
  choices.find((choice) => choice === value) ?? choices[0]!;

export const usePrefs = defineStore('prefs', () => {
  const saved = stored();
  const language = ref<Language>(isLanguage(saved.language) ? saved.language : 'zh-CN');
  const text = ref<TextSize>(among(TEXT_SIZES, saved.text));
  const theme = ref<Theme>(among(THEMES, saved.theme));

  watch(
    [text, theme],
    () => {
      document.documentElement.dataset.text = text.value;
      document.documentElement.dataset.theme = theme.value;
    },
    { immediate: true },
  );
  watch(language, (next) => void setLanguage(next));
  watch([language, text, theme], () => {
    try {
      localStorage.setItem(
        KEY,
        JSON.stringify({ language: language.value, text: text.value, theme: theme.value }),
      );
    } catch {
      // The choice then lasts until the page is closed.
    }
  });

  return { language, text, theme, ready: () => setLanguage(language.value) };
});
