// index.ts - the two languages. What the first page says in Chinese comes with the app; the other
// pages' words and the vocabulary's come with the first of those pages, English when asked for.

import { createI18n } from 'vue-i18n';
import type { choices } from '@/data/vocab';
import chinese from './zh-CN/index.ts';
import type chineseRest from './zh-CN/rest.ts';

export const LANGUAGES = ['zh-CN', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

export function isLanguage(value: unknown): value is Language {
  return (LANGUAGES as readonly unknown[]).includes(value);
}

type Messages = typeof chinese & Partial<typeof chineseRest>;
const FIRST: Record<Language, () => Promise<{ default: object }>> = {
  'zh-CN': () => Promise.resolve({ default: chinese }),
  en: () => import('./en/index.ts'),
};
const REST: Record<Language, () => Promise<{ default: object }>> = {
  'zh-CN': () => import('./zh-CN/rest.ts'),
  en: () => import('./en/rest.ts'),
};
const KM = { minimumFractionDigits: 1, maximumFractionDigits: 1 } as const;

export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': chinese } as Record<string, Messages>,
  numberFormats: { 'zh-CN': { km: KM }, en: { km: KM } },
});

const loaded = new Set<string>();
let wantsRest = false; // some page beyond the first has been opened
let wanted: Language = 'zh-CN';

async function add(language: Language, part: 'first' | 'rest'): Promise<void> {
  const name = `${language} ${part}`;
  if (loaded.has(name)) return;
  const { default: messages } = await (part === 'first' ? FIRST : REST)[language]();
  i18n.global.mergeLocaleMessage(language, messages);
  loaded.add(name);
}

/** What the vocabulary calls its choices; null until a page beyond the first is opened. */
export let vocabulary: typeof choices | null = null;

/** What every page but the first needs before it can say anything. */
export async function wordsOfPages(): Promise<void> {
  wantsRest = true;
  const [vocab] = await Promise.all([import('./vocabulary.ts'), add(wanted, 'rest')]);
  vocabulary = vocab.choices;
}

export async function setLanguage(language: Language): Promise<void> {
  wanted = language;
  await Promise.all([add(language, 'first'), wantsRest ? add(language, 'rest') : null]);
  if (wanted !== language) return;
  i18n.global.locale.value = language;
  document.documentElement.lang = language;
}
