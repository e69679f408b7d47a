// daily.ts - what the pages of daily work ask: a site's board, what all groups owe, notices, the
// public sheet of hazards, who may open what is sealed.

import { monthOf } from '../domain/period.ts';
import { address, read } from './http.ts';
import type { ActivityLine, Coverage, GroupKind, Named, Paged, ProgrammeLine, Rule } from './types.ts';

const V1 = '/api/v1';
const at = (id: string) => encodeURIComponent(id);

/** All boards of one project; of each list the most urgent first. */
export interface SiteBoard {
  on: string;
  project: Named;
  coverage: Coverage;
  groups: (Named & { kind: GroupKind })[];
  obligations: {
    from: string;
    to: string;
    counts: Record<string, number>;
    next: { group: Named; meeting: string; due: string; state: string }[];
  };
  activities: { id: string; title: string; day: string; progress: string }[];
  tasks: {
    counts: Record<string, number>;
    next: { id: string; title: string; state: string; due: string; overdue: boolean }[];
  };
  signals: {
    open: number;
    overdue: number;
    next: { id: string; kind: string; what: string | null; state: string; due: string | null }[];
  };
  programme: ProgrammeLine[];
}

export interface DutyLine {
  project: Named & { code: string | null; unit: Named };
  counts: Record<string, number>;
  kinds: { kind: GroupKind; groups: number; counts: Record<string, number> }[];
}

export interface Duties extends Paged<DutyLine> {
  on: string;
  from: string;
  to: string;
  counts: Record<string, number>;
}

/** Coverage, obligations and tasks of a project in one line. */
export interface SummaryLine {
  project: Named;
  unit: Named;
  coverage: string;
  obligations: Record<string, number>;
  tasks: Record<string, number>;
}

export interface Summary extends Paged<SummaryLine> {
  on: string;
  from: string;
  to: string;
  tasks: Record<string, number>;
}

export interface Notice {
  id: string;
  unit: Named;
  only_project: Named | null;
  title: string;
  text: string;
  received: string;
  until: string | null;
  by: Named | null;
  i_read: string | null; // the day; null: not yet
}

/** The peer that serves a project, and whether what came down has arrived there. */
export interface Box {
  name: string;
  received: boolean | null; // null: it has said nothing yet
  told: string | null; // on which day it said so
}

/** Who at a project has read something; names only for who may write there. */
export interface Readership {
  project: Named;
  expected: number;
  read: number;
  not_read?: Named[];
  box?: Box | null; // null: none serves it
}

export interface NoticePage extends Notice {
  projects: Readership[];
}

export interface HazardLine {
  number: number;
  id: string;
  found: string;
  project: Named;
  place: string | null;
  what: string;
  grade: string | null;
  order: string | null;
  until: string | null;
  responsible: string | null;
  rectified: string | null;
  union_group: Named | null;
  state: string;
  state_zh: string;
  stopped: boolean;
  supervised: boolean;
}

export interface HazardSheet {
  on: string;
  from: string;
  to: string;
  rule: Rule | null;
  items: HazardLine[];
}

export interface Reader {
  id: string;
  purpose: string;
  holder: Named | null;
}

export interface BriefingCheck {
  id: string | null; // null: not checked yet
  item: string;
  zh: string;
  en: string;
  found: string | null;
  note: string;
}

/** What a crew is told before its shift. */
export interface Briefing {
  id: string;
  task: string;
  safety: string;
  technique: string;
  risk: string;
  ticket: string;
  risk_level: { scheme: string; level: number; gravity: number } | null;
  checks: BriefingCheck[];
  unchecked: number;
  rule: Rule | null;
}

interface DutiesAsk {
  on: string | null;
  period: string;
  unit: string;
  q: string;
  page?: number;
  size?: number;
}

export const daily = {
  site: (project: string, on: string | null, signal?: AbortSignal) =>
    read<SiteBoard>(address(`${V1}/projects/${at(project)}/board`, { on }), signal),
  talks: (project: string, day: string, on: string | null, signal?: AbortSignal) =>
    read<Paged<ActivityLine>>(
      address(`${V1}/activities`, {
        project,
        meeting: 'pre_shift_talk',
        period: monthOf(day),
        on,
        size: 200,
      }),
      signal,
    ),
  duties: (params: DutiesAsk & { state: string; kind: string }, signal?: AbortSignal) =>
    read<Duties>(address(`${V1}/obligations`, { ...params }), signal),
  summary: (params: DutiesAsk, signal?: AbortSignal) =>
    read<Summary>(address(`${V1}/board`, { ...params }), signal),
  notices: (
    params: { on: string | null; project: string; page?: number; size?: number },
    signal?: AbortSignal,
  ) => read<Paged<Notice>>(address(`${V1}/notices`, params), signal),
  notice: (id: string, on: string | null, signal?: AbortSignal) =>
    read<NoticePage>(address(`${V1}/notices/${at(id)}`, { on }), signal),
  taskSeen: (id: string, on: string | null, signal?: AbortSignal) =>
    read<Readership>(address(`${V1}/tasks/${at(id)}/seen`, { on }), signal),
  hazards: (
    params: { on: string | null; period: string; project: string; unit: string },
    signal?: AbortSignal,
  ) => read<HazardSheet>(address(`${V1}/signals/sheet`, params), signal),
  readers: (project: string, on: string | null, signal?: AbortSignal) =>
    read<{ items: Reader[] }>(address(`${V1}/readers`, { project, on }), signal),
};
