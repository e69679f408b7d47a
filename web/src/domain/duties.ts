// duties.ts - what all groups owe, counted: which figures stand beside one another.

import { OWED_STATES } from './owed.ts';

export interface DutyCell {
  state: string;
  count: number;
}

/** Every obligation in one column only: what does not conform is counted by the server among what is
 * overdue. */
export function dutyCells(counts: Readonly<Record<string, number>>): DutyCell[] {
  const lax = counts.not_conforming ?? 0;
  return OWED_STATES.map((state) => {
    const count = counts[state] ?? 0;
    return { state, count: state === 'overdue' ? Math.max(0, count - lax) : count };
  });
}

/** Made up after the day; kept apart from what was held in time, and counted with it. */
export function heldOf(counts: Readonly<Record<string, number>>): number {
  return (counts.done ?? 0) + (counts.made_up ?? 0);
}

export interface Readers {
  expected: number;
  read: number;
  box?: object | null;
}

/** Where somebody still has to be told comes first; where nobody is and no box, there is nothing to
 * say. */
export function readershipOrder<Site extends Readers>(sites: readonly Site[]): Site[] {
  const missing = (site: Site) => site.expected - site.read;
  return sites.filter(({ expected, box }) => expected > 0 || box).sort((a, b) => missing(b) - missing(a));
}

export function readershipSum(sites: readonly Readers[]): Readers {
  return sites.reduce(
    (sum, { expected, read }) => ({ expected: sum.expected + expected, read: sum.read + read }),
    { expected: 0, read: 0 },
  );
}

/** A box that has not spoken since is no box that lacks it. */
export function arrivalOf(box: { received: boolean | null }): 'received' | 'lacking' | 'silent' {
  if (box.received === null) return 'silent';
  return box.received ? 'received' : 'lacking';
}
