// index.ts - the two languages. Chinese comes with the app, English when somebody asks for it.

import { createI18n } from 'vue-i18n';
import chinese from './zh-CN/index.ts';

export const LANGUAGES = ['zh-CN', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

export function isLanguage(value: unknown): value is Language {
  return (LANGUAGES as readonly unknown[]).includes(value);
}

const KM = { minimumFractionDigits: 1, maximumFractionDigits: 1 } as const;

export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': chinese } as Record<string, typeof chinese>,
  numberFormats: { 'zh-CN': { km: KM }, en: { km: KM } },
});

export async function setLanguage(language: Language): Promise<void> {
  if (language === 'en' && !i18n.global.availableLocales.includes('en')) {
    const english = await import('./en/index.ts');
    i18n.global.setLocaleMessage('en', english.default as unknown as typeof chinese);
  }
  i18n.global.locale.value = language;
  document.documentElement.lang = language;
}
