// briefing.ts - what a crew is told before its shift, and the checks that go with it.

/** As grave as it is whatever the numbering: 5 is the gravest. */
export function gravityOf(scheme: string, level: number): number {
  return scheme === 'qgdw_12152_2021' ? 6 - level : level;
}

export interface Check {
  id: string | null; // null: not checked yet
  item: string;
  found: string | null;
}

/** One command for each line that nobody has looked at. */
export function checksInOrder(briefing: string, checks: readonly Check[]) {
  return checks
    .filter(({ id }) => id === null)
    .map(({ item }) => ({ do: 'check.add', fields: { briefing, item, found: 'in_order' } }));
}

/** What was found of one line, said for the first time or said anew. */
export function checkSaid(briefing: string, check: Check, found: string, note: string) {
  const said: Record<string, string> = note.trim() ? { found, note: note.trim() } : { found };
  if (check.id !== null) return { do: 'check.change', id: check.id, fields: said };
  return { do: 'check.add', fields: { briefing, item: check.item, ...said } };
}

export type Words = Record<string, string | number>;

/** Only what is said differently from before; what was left empty says nothing. */
export function changedWords(before: Words, now: Words): Words {
  return Object.fromEntries(
    Object.entries(now).filter(([name, value]) => value !== '' && value !== before[name]),
  );
}
