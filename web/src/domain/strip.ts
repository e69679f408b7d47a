// strip.ts - two years of coverage as one band: a year back and a year ahead of the day shown.

import { addDays, daysBetween } from './day.ts';

const REACH_DAYS = 365;

export interface Change {
  on: string;
  state: string;
}

/** A stretch as the server tells it: `to` is its last day, null where no end is known. */
export interface Told extends Change {
  to: string | null;
}

/** The days within a year of `on` at which the state really changes. Stretches that differ in
 *  something else (the group, say) are one; where none is told, the project is not active. What is
 *  told ends with the year, which is no change. */
export function changesOf(told: readonly Told[], on: string): Change[] {
  const last = addDays(on, REACH_DAYS);
  const sorted = told.slice().sort((a, b) => (a.on < b.on ? -1 : 1));
  const changes: Change[] = [];
  const add = (on: string, state: string) => {
    if (changes[changes.length - 1]?.state !== state) changes.push({ on, state });
  };
  sorted.forEach((each, at) => {
    add(each.on, each.state);
    if (each.to === null) return;
    const after = addDays(each.to, 1);
    if (after <= last && sorted[at + 1]?.on !== after) add(after, 'not_active');
  });
  return changes;
}

export interface Stretch {
  from: string;
  to: string; // its last day
  state: string; // empty: not known
  start: number; // 0..1 of the band
  width: number;
}

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
