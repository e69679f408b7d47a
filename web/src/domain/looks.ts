// looks.ts - how a state looks: tone and shape go together, so that none is told by colour alone.

import { looksOf, type Shape, type Tone } from './coverage.ts';
import { OWED_LOOKS } from './owed.ts';
import { SIGNAL_LOOKS } from './signals.ts';

export interface Look {
  tone: Tone;
  shape: Shape;
}

const LOOKS = {
  owed: OWED_LOOKS,
  progress: {
    planned: { tone: 'info', shape: 'hollow' },
    held: { tone: 'ok', shape: 'check' },
    cancelled: { tone: 'none', shape: 'dash' },
  },
  attendance: {
    expected: { tone: 'none', shape: 'hollow' },
    present: { tone: 'ok', shape: 'check' },
    online: { tone: 'ok', shape: 'full' },
    leave: { tone: 'warn', shape: 'half' },
    absent: { tone: 'bad', shape: 'alert' },
    observer: { tone: 'info', shape: 'ring' },
  },
  verdict: {
    passed: { tone: 'ok', shape: 'check' },
    failed: { tone: 'bad', shape: 'alert' },
    not_judged: { tone: 'none', shape: 'dash' },
  },
  task: {
    deployed: { tone: 'info', shape: 'hollow' },
    accepted: { tone: 'info', shape: 'ring' },
    reported: { tone: 'info', shape: 'half' },
    rework: { tone: 'warn', shape: 'ring' },
    passed: { tone: 'ok', shape: 'check' },
    assessed: { tone: 'ok', shape: 'star' },
    withdrawn: { tone: 'none', shape: 'dash' },
    overdue: { tone: 'bad', shape: 'alert' },
  },
  line: {
    waiting: { tone: 'none', shape: 'ring' },
    not_needed: { tone: 'none', shape: 'dash' },
    undecided: { tone: 'warn', shape: 'ring' },
    ahead: { tone: 'none', shape: 'hollow' },
    due: { tone: 'info', shape: 'ring' },
    done: { tone: 'ok', shape: 'check' },
    overdue: { tone: 'bad', shape: 'alert' },
  },
  arrival: {
    received: { tone: 'ok', shape: 'check' },
    lacking: { tone: 'warn', shape: 'half' },
    silent: { tone: 'none', shape: 'dash' },
  },
  seen: {
    read: { tone: 'ok', shape: 'check' },
    unread: { tone: 'info', shape: 'ring' },
  },
  objection: {
    stands: { tone: 'none', shape: 'full' },
    objected: { tone: 'warn', shape: 'ring' },
    upheld: { tone: 'info', shape: 'check' },
    corrected: { tone: 'ok', shape: 'check' },
  },
  signal: SIGNAL_LOOKS,
} satisfies Record<string, Record<string, Look>>;

export type StateSet = 'state' | keyof typeof LOOKS;

/** A state this version does not know yet is shown neutrally. */
export function looksIn(set: StateSet, state: string): Look {
  if (set === 'state') return looksOf(state);
  const looks: Record<string, Look> = LOOKS[set];
  return looks[state] ?? { tone: 'none', shape: 'dash' };
}

export const LOOK_SETS: Readonly<Record<string, Record<string, Look>>> = LOOKS;
