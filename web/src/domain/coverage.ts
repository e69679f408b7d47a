// coverage.ts - the states a project can be in, in the order a reader wants them: what needs
// somebody first. Tone and shape go together so that no state is told by colour alone.

export const COVERAGE_STATES = [
  'uncovered',
  'liaison',
  'attached_near',
  'attached_named',
  'own_group',
  'joint_branch',
  'temporary_branch',
  'own_branch',
  'not_active',
] as const;

export type CoverageState = (typeof COVERAGE_STATES)[number];
export type Tone = 'bad' | 'warn' | 'info' | 'ok' | 'none';
export type Shape = 'alert' | 'ring' | 'half' | 'full' | 'star' | 'dash' | 'hollow' | 'check';

const LOOKS: Record<CoverageState, { tone: Tone; shape: Shape }> = {
  uncovered: { tone: 'bad', shape: 'alert' },
  liaison: { tone: 'warn', shape: 'ring' },
  attached_near: { tone: 'info', shape: 'half' },
  attached_named: { tone: 'info', shape: 'half' },
  own_group: { tone: 'ok', shape: 'full' },
  joint_branch: { tone: 'ok', shape: 'star' },
  temporary_branch: { tone: 'ok', shape: 'star' },
  own_branch: { tone: 'ok', shape: 'star' },
  not_active: { tone: 'none', shape: 'dash' },
};

export function isCoverageState(text: unknown): text is CoverageState {
  return (COVERAGE_STATES as readonly unknown[]).includes(text);
}

/** A state this version does not know yet is shown neutrally, never as covered. */
export function looksOf(state: string): { tone: Tone; shape: Shape } {
  return isCoverageState(state) ? LOOKS[state] : { tone: 'none', shape: 'dash' };
}

export function isCovered(state: string): boolean {
  return isCoverageState(state) && state !== 'uncovered' && state !== 'not_active';
}

export interface CoverageTotals {
  active: number;
  covered: number;
  uncovered: number;
  states: { state: CoverageState; count: number }[];
}

export function totalsOf(counts: Readonly<Record<string, number>>): CoverageTotals {
  const states = COVERAGE_STATES.map((state) => ({ state, count: counts[state] ?? 0 })).filter(
    (entry) => entry.count > 0,
  );
  const sum = (pick: (state: CoverageState) => boolean) =>
    states.filter((entry) => pick(entry.state)).reduce((total, entry) => total + entry.count, 0);
  return {
    active: sum((state) => state !== 'not_active'),
    covered: sum(isCovered),
    uncovered: counts.uncovered ?? 0,
    states,
  };
}

export type Change = 'better' | 'worse' | 'other' | 'same';

/** Whether a project's people are better or worse off after a change of state. */
export function changeOf(before: string, after: string): Change {
  if (before === after) return 'same';
  if (!isCovered(before) && isCovered(after)) return 'better';
  if (after === 'uncovered') return 'worse';
  return 'other';
}
