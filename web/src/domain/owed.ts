// owed.ts - what groups owe, as it is read: group by group, one line for each kind of meeting.

import type { Look } from './looks.ts';

export const OWED_STATES = [
  'overdue',
  'not_conforming',
  'due',
  'ahead',
  'waived',
  'made_up',
  'done',
] as const;
export type OwedState = (typeof OWED_STATES)[number];

export const OWED_LOOKS: Record<OwedState, Look> = {
  overdue: { tone: 'bad', shape: 'alert' },
  not_conforming: { tone: 'warn', shape: 'alert' },
  due: { tone: 'info', shape: 'ring' },
  ahead: { tone: 'none', shape: 'hollow' },
  waived: { tone: 'none', shape: 'dash' },
  made_up: { tone: 'ok', shape: 'half' },
  done: { tone: 'ok', shape: 'check' },
};

export interface OwedFacts {
  group: { id: string; name: string };
  kind: string;
  meeting: string;
  from: string;
  to: string;
  state: string;
  breach: string | null; // 'violation' or 'not_conforming' of what is overdue
}

/** What a rule wants only generally and was not held does not conform; it is no violation. */
export function owedState(owed: Pick<OwedFacts, 'state' | 'breach'>): string {
  if (owed.state === 'overdue' && owed.breach === 'not_conforming') return 'not_conforming';
  return owed.state;
}

export const isOpen = (state: string) => ['overdue', 'due', 'ahead'].includes(state);

export interface OwedLine<Owed> {
  meeting: string;
  items: Owed[];
  counts: { state: string; count: number }[];
}

export interface OwedGroup<Owed> {
  group: { id: string; name: string };
  kind: string;
  lines: OwedLine<Owed>[];
}

export function countStates(items: readonly Pick<OwedFacts, 'state' | 'breach'>[]) {
  const counts = new Map<string, number>();
  for (const state of items.map(owedState)) counts.set(state, (counts.get(state) ?? 0) + 1);
  const rank = (state: string) => {
    const at = (OWED_STATES as readonly string[]).indexOf(state);
    return at < 0 ? OWED_STATES.length : at;
  };
  return [...counts]
    .map(([state, count]) => ({ state, count }))
    .sort((a, b) => rank(a.state) - rank(b.state));
}

/** Groups and meetings keep the order in which the server names them. */
export function owedByGroup<Owed extends OwedFacts>(items: readonly Owed[]): OwedGroup<Owed>[] {
  const groups = new Map<string, OwedGroup<Owed>>();
  for (const owed of items) {
    let group = groups.get(owed.group.id);
    if (!group) {
      group = { group: owed.group, kind: owed.kind, lines: [] };
      groups.set(owed.group.id, group);
    }
    const line = group.lines.find(({ meeting }) => meeting === owed.meeting);
    if (line) line.items.push(owed);
    else group.lines.push({ meeting: owed.meeting, items: [owed], counts: [] });
  }
  for (const { lines } of groups.values())
    for (const line of lines) line.counts = countStates(line.items);
  return [...groups.values()];
}

/** What a group still owes on a day, longest period first: a month's meeting before a shift's. */
export function openOn<Owed extends OwedFacts>(
  items: readonly Owed[],
  group: string,
  day: string,
): Owed[] {
  return items.filter(
    (owed) =>
      owed.group.id === group && owed.from <= day && day <= owed.to && isOpen(owed.state),
  );
}
