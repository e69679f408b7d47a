// assess.ts - what a deduction rests on, and what was said about it.

interface Objected {
  objection: { rulings: readonly { decision: string }[] } | null;
}

export type Standing = 'stands' | 'objected' | 'upheld' | 'corrected';

/** How a deduction stands: by the latest ruling, else by whether anybody objected. */
export function standingOf({ objection }: Objected): Standing {
  if (objection === null) return 'stands';
  const latest = objection.rulings[objection.rulings.length - 1];
  if (!latest) return 'objected';
  return latest.decision === 'corrected' ? 'corrected' : 'upheld';
}

export type FactWord = 'task' | 'step' | 'signal' | 'owed' | 'other';

interface Rested {
  fact: { kind: string; id: string } | null;
  duty: unknown; // the rule about meetings that was not kept, or null
}

/** What a deduction rests on; a meeting that was not held is seen among what was owed. */
export function factWord({ fact, duty }: Rested): FactWord {
  if (duty !== null) return 'owed';
  const kind = fact?.kind ?? '';
  return kind === 'task' || kind === 'step' || kind === 'signal' ? kind : 'other';
}

/** Where that can be looked at; null where it has no page of its own. */
export function pageOfFact(
  one: Rested & { day: string },
): { name?: string; params?: { id: string }; query?: Record<string, string> } | null {
  const word = factWord(one);
  if (word === 'owed') return { query: { tab: 'owed', period: one.day.slice(0, 7) } };
  if (word === 'step' || word === 'other') return null;
  return { name: word, params: { id: one.fact!.id } };
}

/** Self-assessment and assessment beside one another: how far apart they are. */
export const apart = (self: number, points: number) => self - points;
