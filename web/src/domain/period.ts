// period.ts - stretches of the calendar as the API names them: "2026" is a year, "2026-11" a month.

import { addDays, DAY_FIRST, DAY_LAST, isDay } from './day.ts';
import { one, type Query } from './view.ts';

const MONTHS = 12;
export type PeriodSize = 'month' | 'year';

/** A year or a month of which every day is one the server knows. */
export function isPeriod(text: unknown): text is string {
  if (typeof text !== 'string' || !/^\d{4}(-\d{2})?$/.test(text)) return false;
  return isDay(firstDay(text));
}

export function sizeOf(period: string): PeriodSize {
  return period.length === 4 ? 'year' : 'month';
}

export function firstDay(period: string): string {
  return sizeOf(period) === 'year' ? `${period}-01-01` : `${period}-01`;
}

export function lastDay(period: string): string {
  const next = step(period, 1);
  return isPeriod(next) ? addDays(firstDay(next), -1) : DAY_LAST;
}

/** So many months or years later; what lies beyond the calendar is no period. */
export function step(period: string, by: number): string {
  const year = Number(period.slice(0, 4));
  if (sizeOf(period) === 'year') return String(year + by);
  const months = year * MONTHS + Number(period.slice(5)) - 1 + by;
  const month = String((months % MONTHS) + 1).padStart(2, '0');
  return `${Math.floor(months / MONTHS)}-${month}`;
}

export const isFirst = (period: string) => firstDay(period) <= DAY_FIRST;
export const isLast = (period: string) => lastDay(period) >= DAY_LAST;

export function monthOf(day: string): string {
  return day.slice(0, 7);
}

/** The same time in the other size: of a year the month of `day` when that lies in it. */
export function resized(period: string, size: PeriodSize, day: string): string {
  if (size === sizeOf(period)) return period;
  if (size === 'year') return period.slice(0, 4);
  return day.startsWith(period) ? monthOf(day) : `${period}-01`;
}

/** What the address says, or the month of the day. */
export function periodOf(query: Query, day: string): string {
  const period = one(query, 'period');
  return isPeriod(period) ? period : monthOf(day);
}

export type SpanKind = 'day' | 'month' | 'year' | 'other';

/** What a stretch from a day to a day is called: by its month or year where it is one. */
export function spanKind(from: string, to: string | null): SpanKind {
  if (from === to) return 'day';
  if (to === null || !from.endsWith('-01')) return 'other';
  if (lastDay(monthOf(from)) === to) return 'month';
  const year = from.slice(0, 4);
  return from === firstDay(year) && to === lastDay(year) ? 'year' : 'other';
}
