// strip.ts - two years of coverage as one band: a year back and a year ahead of the day shown.

import { addDays, daysBetween } from './day.ts';

export interface Change {
  on: string;
  state: string;
}

export interface Stretch {
  from: string;
  to: string; // its last day
  state: string; // empty: not known
  start: number; // 0..1 of the band
  width: number;
}

const REACH_DAYS = 365;

/** Each change holds from its day on. What was before the first change is known only when the day
 *  shown lies there. */
export function stretchesOf(changes: readonly Change[], on: string, state: string): Stretch[] {
  const first = addDays(on, -REACH_DAYS);
  const last = addDays(on, REACH_DAYS);
  const inside = changes
    .filter((change) => change.on <= last)
    .slice()
    .sort((a, b) => (a.on < b.on ? -1 : 1));
  const marks: Change[] = [];
  const earlier = inside.filter((change) => change.on <= first).pop();
  const later = inside.filter((change) => change.on > first);
  const next = later[0]?.on ?? addDays(last, 1);
  marks.push({ on: first, state: earlier?.state ?? (on < next ? state : '') });
  marks.push(...later);
  const whole = daysBetween(first, last) + 1;
  return marks.map((mark, at) => {
    const end = marks[at + 1]?.on ?? addDays(last, 1);
    return {
      from: mark.on,
      to: addDays(end, -1),
      state: mark.state,
      start: daysBetween(first, mark.on) / whole,
      width: daysBetween(mark.on, end) / whole,
    };
  });
}

export function placeOf(day: string, on: string): number {
  return daysBetween(addDays(on, -REACH_DAYS), day) / (2 * REACH_DAYS + 1);
}
