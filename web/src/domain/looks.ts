// looks.ts - how a state looks: tone and shape go together, so that none is told by colour alone.

import { looksOf, type Shape, type Tone } from './coverage.ts';
import { OWED_LOOKS } from './owed.ts';

export interface Look {
  tone: Tone;
  shape: Shape;
}

export type StateSet = 'state' | 'owed';

const LOOKS: Record<Exclude<StateSet, 'state'>, Record<string, Look>> = { owed: OWED_LOOKS };

/** A state this version does not know yet is shown neutrally. */
export function looksIn(set: StateSet, state: string): Look {
  if (set === 'state') return looksOf(state);
  return LOOKS[set][state] ?? { tone: 'none', shape: 'dash' };
}
