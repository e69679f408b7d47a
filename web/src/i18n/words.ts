// words.ts - what pages need to say things: messages, the server's sentences, days, distances.

import { useI18n } from 'vue-i18n';
import { formatDay } from '@/domain/day';

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

export function useWords() {
  const { t, te, n, locale } = useI18n();
  const chinese = () => locale.value === 'zh-CN';

  return {
    t,
    locale,
    /** One of the two languages the server says everything in. */
    pick: (said: { zh: string; en: string }) =>
      capital((chinese() ? said.zh : said.en) || said.zh || said.en),
    /** A word for a value of a set; an unknown value is shown as it is. */
    word: (set: string, value: string | null | undefined) => {
      if (!value) return '';
      const key = `common.${set}.${value}`;
      return te(key) || te(key, 'zh-CN') ? t(key) : value;
    },
    longDay: (day: string) => (day ? formatDay(day, locale.value, 'long') : ''),
    period: (from: string, to: string | null) =>
      to === null ? t('common.periodOpen', { from }) : t('common.period', { from, to }),
    km: (metres: number) => t('common.km', { km: n(metres / 1000, 'km') }),
  };
}
