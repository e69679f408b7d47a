// day.ts - calendar days as the API writes them, "2026-11-22". A day has no clock and no zone, so
// all arithmetic is done at midnight UTC and nothing here asks what time it is.

const MS_PER_DAY = 86_400_000;
/** The days that there are for the server, first and last. */
export const DAY_FIRST = '1900-01-01';
export const DAY_LAST = '2199-12-31';
const SHAPE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** A day of the calendar that the server knows. */
export function isDay(text: unknown): text is string {
  if (typeof text !== 'string' || !SHAPE.test(text)) return false;
  if (text < DAY_FIRST || text > DAY_LAST) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === text;
}

function toMs(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}

export function addDays(day: string, days: number): string {
  return new Date(toMs(day) + days * MS_PER_DAY).toISOString().slice(0, 10);
}

/** How many days `to` lies after `from`; negative when before. */
export function daysBetween(from: string, to: string): number {
  return Math.round((toMs(to) - toMs(from)) / MS_PER_DAY);
}

export function formatDay(day: string, locale: string, style: 'short' | 'long' = 'short'): string {
  const options: Intl.DateTimeFormatOptions =
    style === 'long'
      ? { year: 'numeric', month: 'long', day: 'numeric', weekday: 'short', timeZone: 'UTC' }
      : { year: 'numeric', month: '2-digit', day: '2-digit', timeZone: 'UTC' };
  // English readers meet 03/04 in two orders; the ISO form has one.
  if (style === 'short') return day;
  return new Intl.DateTimeFormat(locale, options).format(toMs(day));
}
