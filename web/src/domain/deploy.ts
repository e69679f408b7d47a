// deploy.ts - deploying an item: what is still to be said, and what is sent.

import { isDay } from './day.ts';

export const GROUP_KINDS = ['party', 'union', 'crew'] as const;
export type GroupKind = (typeof GROUP_KINDS)[number];
export const WEIGHT_MIN = 1;
export const WEIGHT_MAX = 10;
const PROJECTS_MAX = 10_000; // of the server

export interface Draft {
  title: string;
  goal: string;
  theme: string;
  unit: string; // that deploys it
  mode: 'common' | 'particular';
  kinds: readonly GroupKind[];
  where: 'unit' | 'named'; // all active projects of a unit, or these
  of: string; // that unit
  projects: readonly string[];
  doneWhen: string;
  due: string;
  weight: number;
}

/** What a draft lacks, in the order of the form. */
export type Lack = 'title' | 'goal' | 'unit' | 'kinds' | 'projects' | 'done_when' | 'due' | 'weight';

export function lacksOf(draft: Draft, today: string): Lack[] {
  const lacks: [Lack, boolean][] = [
    ['title', draft.title.trim() === ''],
    ['goal', draft.goal === ''],
    ['unit', draft.unit === ''],
    ['kinds', draft.kinds.length === 0],
    ['projects', draft.where === 'unit' ? draft.of === '' : !fits(draft.projects.length)],
    ['done_when', draft.doneWhen.trim() === ''],
    ['due', !isDay(draft.due) || draft.due < today],
    [
      'weight',
      !Number.isInteger(draft.weight) || draft.weight < WEIGHT_MIN || draft.weight > WEIGHT_MAX,
    ],
  ];
  return lacks.filter(([, is]) => is).map(([lack]) => lack);
}
const fits = (count: number) => count > 0 && count <= PROJECTS_MAX;

/** The command's members beside its id. */
export function deployWish(draft: Draft): {
  do: string;
  fields: Record<string, string | number | boolean>;
  unit?: string;
  projects?: string[];
} {
  const fields: Record<string, string | number | boolean> = {
    title: draft.title.trim(),
    unit: draft.unit,
    goal: draft.goal,
    mode: draft.mode,
    done_when: draft.doneWhen.trim(),
    due: draft.due,
    weight: draft.weight,
  };
  if (draft.theme.trim()) fields.theme = draft.theme.trim();
  for (const kind of draft.kinds) fields[`for_${kind}`] = true;
  const to =
    draft.where === 'unit' ? { unit: draft.of } : { projects: draft.projects.slice().sort() };
  return { do: 'item.deploy', ...to, fields };
}

const COMMANDS_MAX = 500; // in one request

interface Courses {
  id: string;
  courses: readonly { last: string | null }[];
}

/** What takes a deployment back, its tasks first: only while nobody has done anything about it. */
export function undoActs(
  item: string,
  tasks: readonly Courses[],
  total: number,
): { do: string; id: string }[] {
  const touched = tasks.some(({ courses }) => courses.some(({ last }) => last !== null));
  if (touched || tasks.length !== total || total >= COMMANDS_MAX) return [];
  return [...tasks.map(({ id }) => ({ do: 'task.void', id })), { do: 'item.void', id: item }];
}
