// words.ts - what pages need to say things: messages, the server's sentences, days, distances.

import { useI18n } from 'vue-i18n';
import type { ChoiceSetName } from '@/data/vocab';
import { formatDay } from '@/domain/day';
import type { StateSet } from '@/domain/looks';
import { firstDay, monthOf, sizeOf, spanKind } from '@/domain/period';
import { vocabulary } from './index.ts';

/** Names of lists of words in common.json and, beyond the first page, in state.json. */
type WordSet = 'role' | 'hardness' | StateSet;

function calendar(period: string, locale: string): string {
  const format = new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    ...(sizeOf(period) === 'month' ? { month: 'long' } : {}),
    timeZone: 'UTC',
  });
  return format.format(Date.parse(`${firstDay(period)}T00:00:00Z`));
}

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
    /** What the vocabulary calls a choice; one that this version does not know is shown as it is. */
    choice: (set: ChoiceSetName, value: string | null | undefined) => {
      const found = vocabulary?.[set].find(({ name }) => name === value);
      return found ? capital(chinese() ? found.zh : found.en) : (value ?? '');
    },
    /** A word for a value that no kind has as a choice: a role, a state of coverage. */
    word: (set: WordSet, value: string) => {
      const key = ['common', 'state']
        .map((section) => `${section}.${set}.${value}`)
        .find((each) => te(each) || te(each, 'zh-CN'));
      return key ? t(key) : value;
    },
    longDay: (day: string) => (day ? formatDay(day, locale.value, 'long') : ''),
    /** A year or a month as the API names them: "2026", "2026-11". */
    calendar: (period: string) => calendar(period, locale.value),
    /** A stretch of days, by the name of its month or year where it is one. */
    span: (from: string, to: string | null) => {
      const kind = spanKind(from, to);
      if (kind === 'day') return from;
      if (kind === 'month') return calendar(monthOf(from), locale.value);
      if (kind === 'year') return calendar(from.slice(0, 4), locale.value);
      return to === null ? t('common.periodOpen', { from }) : t('common.period', { from, to });
    },
    period: (from: string, to: string | null) =>
      to === null ? t('common.periodOpen', { from }) : t('common.period', { from, to }),
    km: (metres: number) => t('common.km', { km: n(metres / 1000, 'km') }),
  };
}
