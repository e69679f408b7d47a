// api.ts - every question and command the pages may put to the server, by name.

import type { BoardView } from '../domain/view.ts';
import { address, read, renew, write, type Params } from './http.ts';
import type {
  Assessments,
  Closing,
  Handover,
  Item,
  Objectives,
  ShiftPreview,
  Template,
  TemplatePreview,
  YearLine,
  YearPlan,
} from './planning.ts';
import type {
  ActivityLine,
  Assessment,
  Board,
  Combinations,
  Conflict,
  Command,
  CommandResult,
  Gaps,
  Group,
  GroupKind,
  GroupPage,
  Ledger,
  LedgerInfo,
  Member,
  Merges,
  Minutes,
  MovePreview,
  NodeInfo,
  OwedAnswer,
  Paged,
  Person,
  PersonPage,
  Programme,
  Project,
  ProjectGate,
  ProjectPage,
  Session,
  Signal,
  SignalPage,
  TaskList,
  TaskPage,
  Unit,
  WhyCoverage,
  WhyMembership,
} from './types.ts';

const V1 = '/api/v1';
const LIST_SIZE_MAX = 200;
const at = (id: string) => encodeURIComponent(id);

export const api = {
  node: () => read<NodeInfo>(`${V1}/node`),
  alive: () => read<{ status: string }>('/healthz'),
  eventsUrl: `${V1}/events`,

  session: () => read<Session>(`${V1}/session`),
  signIn: (name: string, password: string) =>
    write<Session>('POST', `${V1}/session`, { name, password }),
  signOut: () => write<void>('DELETE', `${V1}/session`),
  confirm: (password: string) => renew<Session>(`${V1}/session/confirm`, { password }),
  setup: (code: string, name: string, password: string) =>
    write<Session>('POST', `${V1}/setup`, { code, name, password }),
  changePassword: (old: string, next: string) =>
    write<void>('POST', `${V1}/password`, { old, new: next }),

  board: (view: Omit<BoardView, 'map'>, signal?: AbortSignal) =>
    read<Board>(
      address(`${V1}/coverage`, {
        on: view.on,
        unit: view.unit,
        state: view.state,
        attention: view.attention,
        q: view.q,
        page: view.page,
        size: view.size,
      }),
      signal,
    ),
  units: (signal?: AbortSignal) =>
    read<Paged<Unit>>(address(`${V1}/units`, { size: LIST_SIZE_MAX }), signal),

  conflicts: (page: number, signal?: AbortSignal) =>
    read<Paged<Conflict>>(address(`${V1}/conflicts`, { page }), signal),

  projects: (
    params: { q?: string; unit?: string; page?: number; size?: number },
    signal?: AbortSignal,
  ) => read<Paged<Project>>(address(`${V1}/projects`, params as Params), signal),
  project: (id: string, on: string | null, signal?: AbortSignal) =>
    read<ProjectPage>(address(`${V1}/projects/${at(id)}`, { on }), signal),
  projectMembers: (
    id: string,
    params: { on: string | null; kind?: GroupKind | ''; q?: string; page?: number; size?: number },
    signal?: AbortSignal,
  ) => read<Paged<Member>>(address(`${V1}/projects/${at(id)}/members`, params as Params), signal),

  groups: (
    params: {
      on: string | null;
      q?: string;
      kind?: GroupKind | '';
      unit?: string;
      page?: number;
      size?: number;
    },
    signal?: AbortSignal,
  ) => read<Paged<Group>>(address(`${V1}/groups`, params as Params), signal),
  group: (id: string, on: string | null, signal?: AbortSignal) =>
    read<GroupPage>(address(`${V1}/groups/${at(id)}`, { on }), signal),
  groupMembers: (
    id: string,
    params: { on: string | null; q?: string; page?: number; size?: number },
    signal?: AbortSignal,
  ) => read<Paged<Member>>(address(`${V1}/groups/${at(id)}/members`, params as Params), signal),

  previewMove: (group: string, to: string, on: string, signal?: AbortSignal) =>
    read<MovePreview>(address(`${V1}/groups/${at(group)}/move`, { to, on }), signal),
  command: (commands: Command[]) =>
    write<{ results: CommandResult[]; version: number }>('POST', `${V1}/commands`, { commands }),

  whyMembership: (person: string, group: string, on: string | null, signal?: AbortSignal) =>
    read<WhyMembership>(address(`${V1}/why/membership`, { person, group, on }), signal),
  whyCoverage: (project: string, on: string | null, signal?: AbortSignal) =>
    read<WhyCoverage>(address(`${V1}/why/coverage`, { project, on }), signal),

  owed: (
    of: { project: string } | { group: string },
    params: { on: string | null; period: string },
    signal?: AbortSignal,
  ) => {
    const path = 'group' in of ? `groups/${at(of.group)}` : `projects/${at(of.project)}`;
    return read<OwedAnswer>(address(`${V1}/${path}/obligations`, params), signal);
  },
  merges: (project: string, params: { on: string | null; period: string }, signal?: AbortSignal) =>
    read<Merges>(address(`${V1}/projects/${at(project)}/merges`, params), signal),
  activities: (
    params: { project?: string; group?: string; period: string; on: string | null; page?: number },
    signal?: AbortSignal,
  ) => read<Paged<ActivityLine>>(address(`${V1}/activities`, params), signal),
  minutes: (id: string, on: string | null, signal?: AbortSignal) =>
    read<Minutes>(address(`${V1}/activities/${at(id)}`, { on }), signal),
  tasks: (
    params: {
      on: string | null;
      project?: string;
      group?: string;
      unit?: string;
      state?: string;
      goal?: string;
      item?: string;
      q?: string;
      page?: number;
      size?: number;
    },
    signal?: AbortSignal,
  ) => read<TaskList>(address(`${V1}/tasks`, params), signal),
  task: (id: string, on: string | null, signal?: AbortSignal) =>
    read<TaskPage>(address(`${V1}/tasks/${at(id)}`, { on }), signal),
  items: (
    params: { on: string | null; unit?: string; q?: string; page?: number },
    signal?: AbortSignal,
  ) => read<Paged<Item>>(address(`${V1}/items`, params), signal),
  item: (id: string, on: string | null, signal?: AbortSignal) =>
    read<Item>(address(`${V1}/items/${at(id)}`, { on }), signal),
  signals: (
    params: {
      on: string | null;
      mine?: boolean;
      project?: string;
      signal?: string;
      q?: string;
      page?: number;
    },
    signal?: AbortSignal,
  ) => {
    const { mine, ...rest } = params;
    return read<Paged<Signal>>(address(`${V1}/signals${mine ? '/mine' : ''}`, rest), signal);
  },
  signal: (id: string, on: string | null, signal?: AbortSignal) =>
    read<SignalPage>(address(`${V1}/signals/${at(id)}`, { on }), signal),
  signalByCode: (code: string) => read<SignalPage>(address(`${V1}/signals/by-code`, { code })),
  sayByCode: (said: { op: string; code: string; step: string; words?: string }) =>
    write<SignalPage>('POST', `${V1}/signals/by-code`, said),
  assessment: (
    group: string,
    params: { on: string | null; period: string },
    signal?: AbortSignal,
  ) => read<Assessment>(address(`${V1}/groups/${at(group)}/assessment`, params), signal),
  assessments: (
    params: {
      on: string | null;
      period: string;
      unit?: string;
      kind?: string;
      q?: string;
      page?: number;
    },
    signal?: AbortSignal,
  ) => read<Assessments>(address(`${V1}/assessments`, params), signal),
  templates: (signal?: AbortSignal) => read<{ items: Template[] }>(`${V1}/templates`, signal),
  previewTemplate: (project: string, template: string, on: string | null, signal?: AbortSignal) =>
    read<TemplatePreview>(
      address(`${V1}/projects/${at(project)}/programme/apply`, { template, on }),
      signal,
    ),
  previewShift: (
    project: string,
    params: { phase: string; from: string; until?: string },
    signal?: AbortSignal,
  ) =>
    read<ShiftPreview>(address(`${V1}/projects/${at(project)}/programme/shift`, params), signal),
  yearPlan: (
    params: { on: string | null; period: string; unit?: string; project?: string },
    signal?: AbortSignal,
  ) => read<YearPlan>(address(`${V1}/year-plan`, params), signal),
  yearLines: (
    params: {
      on: string | null;
      period: string;
      unit?: string;
      project?: string;
      focus?: string;
      grip?: string;
      page?: number;
    },
    signal?: AbortSignal,
  ) => read<Paged<YearLine>>(address(`${V1}/year-plan/lines`, params), signal),
  objectives: (project: string, on: string | null, signal?: AbortSignal) =>
    read<Objectives>(address(`${V1}/projects/${at(project)}/objectives`, { on }), signal),
  handover: (
    group: string,
    params: { on: string | null; period?: string },
    signal?: AbortSignal,
  ) => read<Handover>(address(`${V1}/groups/${at(group)}/handover`, params), signal),
  closing: (project: string, on: string | null, signal?: AbortSignal) =>
    read<Closing>(address(`${V1}/projects/${at(project)}/closing`, { on }), signal),
  programme: (project: string, on: string | null, signal?: AbortSignal) =>
    read<Programme>(address(`${V1}/projects/${at(project)}/programme`, { on }), signal),
  gate: (project: string, on: string | null, signal?: AbortSignal) =>
    read<ProjectGate>(address(`${V1}/projects/${at(project)}/gate`, { on }), signal),
  combinations: (project: string, on: string | null, signal?: AbortSignal) =>
    read<Combinations>(address(`${V1}/projects/${at(project)}/combinations`, { on }), signal),
  ledgers: (signal?: AbortSignal) => read<{ items: LedgerInfo[] }>(`${V1}/ledgers`, signal),
  ledger: (
    params: {
      name: string;
      project?: string;
      group?: string;
      period: string;
      on: string | null;
      page?: number;
      size?: number;
    },
    signal?: AbortSignal,
  ) => read<Ledger>(address(`${V1}/ledger`, params), signal),

  gaps: (on: string | null, signal?: AbortSignal) =>
    read<Gaps>(address(`${V1}/gaps`, { on }), signal),

  persons: (
    params: { q?: string; unit?: string; page?: number; size?: number; on?: string | null },
    signal?: AbortSignal,
  ) => read<Paged<Person>>(address(`${V1}/persons`, params as Params), signal),
  person: (id: string, on: string | null, signal?: AbortSignal) =>
    read<PersonPage>(address(`${V1}/persons/${at(id)}`, { on }), signal),
  reveal: (id: string, field: 'id_number' | 'phone', purpose: string) =>
    write<{ value: string }>('POST', `${V1}/persons/${at(id)}/reveal`, { field, purpose }),
};

/** All pages of a list, one after the other, up to `most` items. */
export async function everyPage<Item>(
  load: (page: number, size: number) => Promise<Paged<Item>>,
  most: number,
): Promise<{ items: Item[]; total: number }> {
  const items: Item[] = [];
  for (let page = 1; ; page++) {
    const part = await load(page, LIST_SIZE_MAX);
    items.push(...part.items);
    if (part.items.length === 0 || items.length >= part.total || items.length >= most) {
      return { items: items.slice(0, most), total: part.total };
    }
  }
}
