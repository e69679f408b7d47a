// combine.ts - the evidence of the four combinations by what it is: plans for people, with or without
// a mentor, and what carriers show in which phase.

type Loose = Readonly<Record<string, unknown>>;

export function evidenceOf<Kind extends Loose>(
  items: readonly { code: string; evidence: readonly Loose[] }[],
  code: string,
  kind: string,
): Kind[] {
  const found = items.find((each) => each.code === code)?.evidence ?? [];
  return found.filter((each) => each.kind === kind) as Kind[];
}

/** Pairs first, then plans without a mentor; each in the order of the day they end. */
export function splitPlans<Plan extends { mentor: unknown; to: string }>(
  plans: readonly Plan[],
): { pairs: Plan[]; alone: Plan[] } {
  const byEnd = plans.slice().sort((a, b) => (a.to < b.to ? -1 : a.to > b.to ? 1 : 0));
  return {
    pairs: byEnd.filter(({ mentor }) => mentor !== null),
    alone: byEnd.filter(({ mentor }) => mentor === null),
  };
}

/** In the order of the phases; one that this version does not know comes last. */
export function byPhase<Shown extends { phase: string }>(
  list: readonly Shown[],
  order: readonly string[],
): { phase: string; items: Shown[] }[] {
  const phases = [...new Set(list.map(({ phase }) => phase))];
  const rank = (phase: string) => (order.includes(phase) ? order.indexOf(phase) : order.length);
  phases.sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
  return phases.map((phase) => ({ phase, items: list.filter((each) => each.phase === phase) }));
}
