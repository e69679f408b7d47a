// site.ts - what a site reads in the morning, put into few lines.

export interface Urgent {
  group: { id: string; name: string };
  meeting: string;
  due: string;
  state: string;
}

export interface UrgentLine {
  meeting: string;
  due: string;
  state: string;
  groups: { id: string; name: string }[];
}

/** The same meeting of several groups, due on one day, is one line. */
export function urgentLines(items: readonly Urgent[]): UrgentLine[] {
  const lines = new Map<string, UrgentLine>();
  for (const { group, meeting, due, state } of items) {
    const key = `${due} ${meeting} ${state}`;
    const line = lines.get(key);
    if (line) line.groups.push(group);
    else lines.set(key, { meeting, due, state, groups: [group] });
  }
  return [...lines.values()];
}

export type When = 'today' | 'ahead' | 'before';

/** Today's first, then what comes, soonest first; what was, latest first. */
export function aroundDay<Item extends { day: string }>(
  items: readonly Item[],
  day: string,
): { when: When; items: Item[] }[] {
  const part = (when: When, of: Item[]) => ({ when, items: of });
  const byDay = (a: Item, b: Item) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0);
  return [
    part(
      'today',
      items.filter((each) => each.day === day),
    ),
    part('ahead', items.filter((each) => each.day > day).sort(byDay)),
    part(
      'before',
      items
        .filter((each) => each.day < day)
        .sort(byDay)
        .reverse(),
    ),
  ].filter(({ when, items: of }) => when === 'today' || of.length > 0);
}

const TASKS_OPEN = ['deployed', 'accepted', 'rework'];

/** Tasks that a site still has to report; what is reported waits for who inspects it. */
export function openTasks(counts: Readonly<Record<string, number>>): number {
  return TASKS_OPEN.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
}

export const TALK = 'pre_shift_talk';

export interface Crew {
  id: string;
  name: string;
}

export interface Held {
  id: string;
  day: string;
  progress: string;
  parts: readonly { group: { id: string }; meeting: string }[];
}

/** The talk of each crew on a day; one that was called off is none. */
export function talksOf<Talk extends Held>(
  crews: readonly Crew[],
  activities: readonly Talk[],
  day: string,
): { crew: Crew; activity: Talk | null }[] {
  const today = activities.filter((each) => each.day === day && each.progress !== 'cancelled');
  const isOf = (crew: Crew) => (talk: Talk) =>
    talk.parts.some(({ group, meeting }) => group.id === crew.id && meeting === TALK);
  return crews.map((crew) => ({ crew, activity: today.find(isOf(crew)) ?? null }));
}
