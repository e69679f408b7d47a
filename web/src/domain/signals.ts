// signals.ts - which steps a signal may take next, as src/loop/signals.def settles it. The server has
// the last word; here it is decided what is offered.

import type { Look } from './looks.ts';

const HAZARD_OPEN = [
  'found',
  'registered',
  'graded',
  'ordered',
  'returned',
  'rectified',
  'passed',
] as const;

const HAZARD: Record<string, readonly string[]> = {
  register: ['found'],
  grade: ['registered'],
  order: ['graded'],
  rectify: ['ordered', 'returned'],
  pass: ['rectified'],
  return: ['rectified', 'passed'],
  close: ['passed'],
  ask_extension: ['ordered', 'returned'],
  extend: ['ordered', 'returned'],
  refuse_extension: ['ordered', 'returned'],
  measure: HAZARD_OPEN,
  union: HAZARD_OPEN,
  stop: HAZARD_OPEN,
  resume: HAZARD_OPEN,
  escalate: HAZARD_OPEN,
  supervise: ['graded', 'ordered', 'returned', 'rectified'],
  confirm: ['closed'],
  reopen: ['closed'],
};
const PLAIN: Record<string, readonly string[]> = {
  take: ['received', 'reopened'],
  answer: ['received', 'taken', 'reopened'],
  confirm: ['answered'],
  reopen: ['answered'],
  escalate: ['received', 'taken', 'reopened'],
};
const IDEA: Record<string, readonly string[]> = {
  take: ['received'],
  review: ['received', 'taken'],
  adopt: ['reviewed'],
  decline: ['reviewed'],
  carry_out: ['adopted'],
  benefit: ['carried_out'],
  escalate: ['received', 'taken', 'reviewed'],
};
/** Only who raised it says these. */
const RAISERS = ['confirm', 'reopen'];

export interface SignalStanding {
  kind: string;
  state: string;
  stopped: boolean;
  extension_asked: string | null;
  sealed: boolean;
}

export function courseOf(kind: string): Record<string, readonly string[]> {
  if (kind === 'hazard') return HAZARD;
  return kind === 'idea' ? IDEA : PLAIN;
}

function fits(step: string, signal: SignalStanding): boolean {
  if (step === 'stop') return !signal.stopped;
  if (step === 'resume') return signal.stopped;
  if (step === 'close') return !signal.stopped;
  if (step === 'ask_extension') return signal.extension_asked === null;
  if (step === 'extend' || step === 'refuse_extension') return signal.extension_asked !== null;
  return true;
}

export function nextSteps(signal: SignalStanding, who: { writes: boolean; raised: boolean }) {
  if (signal.sealed) return []; // its readers answer it with their key
  return Object.entries(courseOf(signal.kind))
    .filter(([, from]) => from.includes(signal.state))
    .map(([step]) => step)
    .filter((step) => (RAISERS.includes(step) ? who.raised : who.writes) && fits(step, signal));
}

/** What whoever has the receipt may say of it: sealed or not, it is theirs. */
export function receiptSteps(signal: SignalStanding): string[] {
  return RAISERS.filter((step) => courseOf(signal.kind)[step]?.includes(signal.state));
}

const NO_WORDS = ['register', 'grade', 'pass', 'confirm', 'take', 'union', 'extend', 'review'];

export function stepNeeds(step: string) {
  return {
    words: NO_WORDS.includes(step) ? ('may' as const) : ('must' as const),
    until: ['order', 'ask_extension', 'extend'].includes(step),
    responsible: step === 'order',
  };
}

/** What is sealed to its readers as it is written. */
export const SEALED_KINDS = ['integrity', 'hardship'] as const;
export const isSealed = (kind: string) => (SEALED_KINDS as readonly string[]).includes(kind);

/** How far somebody may stay unnamed who raises this. */
export function unnamedTo(kind: string): string[] {
  if (isSealed(kind)) return [];
  const all = ['to_others', 'to_everybody'];
  return ['hazard', 'near_miss', 'violation'].includes(kind) ? all : all.slice(0, 1);
}

export const SIGNAL_LOOKS: Record<string, Look> = {
  found: { tone: 'bad', shape: 'ring' },
  received: { tone: 'info', shape: 'hollow' },
  registered: { tone: 'warn', shape: 'hollow' },
  graded: { tone: 'warn', shape: 'ring' },
  ordered: { tone: 'warn', shape: 'half' },
  returned: { tone: 'bad', shape: 'half' },
  rectified: { tone: 'info', shape: 'half' },
  passed: { tone: 'ok', shape: 'half' },
  closed: { tone: 'ok', shape: 'check' },
  taken: { tone: 'info', shape: 'ring' },
  reviewed: { tone: 'info', shape: 'half' },
  answered: { tone: 'ok', shape: 'full' },
  confirmed: { tone: 'ok', shape: 'check' },
  reopened: { tone: 'bad', shape: 'ring' },
  adopted: { tone: 'ok', shape: 'ring' },
  declined: { tone: 'none', shape: 'dash' },
  carried_out: { tone: 'ok', shape: 'full' },
  benefited: { tone: 'ok', shape: 'star' },
  overdue: { tone: 'bad', shape: 'alert' },
};
