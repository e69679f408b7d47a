// evidence.ts - a piece of evidence, of whatever kind, in one line.

const NAMES = ['title', 'content', 'aim', 'name'] as const;
const DAYS = ['day', 'shown', 'from'] as const;

type Loose = Readonly<Record<string, unknown>>;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function named(value: unknown): string {
  if (typeof value !== 'object' || value === null) return '';
  const inner = value as Loose;
  return text(inner.name) || text(inner.title);
}

/** Who, what and when, as far as it says so. */
export function evidenceText(proof: Loose): string {
  const what = NAMES.map((name) => text(proof[name])).find((said) => said) ?? '';
  const who = ['person', 'mentor', 'group'].map((name) => named(proof[name]));
  const aims = ['goal', 'target'].map((name) => named(proof[name]));
  const when = DAYS.map((name) => text(proof[name])).find((said) => said) ?? '';
  return [...who, what, ...aims, when].filter((part) => part).join(' · ');
}
