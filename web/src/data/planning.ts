// planning.ts - what the API answers about deployed items, assessments, programmes and what is left
// behind, as documented in its openapi.json.

import type {
  Assessment,
  GroupKind,
  Named,
  Paged,
  ProgrammeLine,
  Rule,
  TaskCourse,
} from './types.ts';

export type TaskCounts = Record<string, number>;

/** What a unit wants done, and what became of its tasks. */
export interface Item extends Named {
  unit: Named;
  goal: string;
  theme: string;
  mode: string;
  for: GroupKind[];
  done_when: string;
  deployed: string;
  due: string;
  weight: number;
  tasks: number;
  counts: TaskCounts;
}

export interface AssessmentLine {
  group: Named;
  kind: GroupKind;
  unit: Named;
  points: number;
  grade: string;
  grade_zh: string;
  grade_en: string;
  parts: Assessment['parts'];
  deduction_count: number;
  objection_count: number;
  open_objections: number;
  self: Assessment['self'];
}

export interface Assessments extends Paged<AssessmentLine> {
  from: string;
  to: string;
  grade_rule: Rule | null;
}

export interface Template extends Named {
  unit: Named;
  source: string | null;
}

/** A line that a template would make; `there`: the project has it already. */
export interface TemplateLine extends Omit<ProgrammeLine, 'shifts'> {
  there: boolean;
}

export interface TemplatePreview {
  project: Named;
  template: Named;
  on: string;
  items: TemplateLine[];
  adds: number;
  rule: Rule | null;
}

export interface ShiftPreview {
  project: Named;
  phase: string;
  before: { from: string; to: string | null };
  after: { from: string; to: string | null };
  items: {
    id: string;
    title: string;
    from: string | null;
    to: string | null;
    days: number | null;
    arranged_moves: boolean;
  }[];
  stays: number;
  rule: Rule | null;
}

export interface YearWord {
  name: string;
  zh: string;
  en: string;
  planned: number;
  done: number;
  thin: boolean;
  months: { month: number; planned: number; done: number }[];
}

export interface YearPlan {
  on: string;
  from: string;
  to: string;
  projects: number;
  focuses: YearWord[];
  grips: YearWord[];
  none: { planned: number; done: number };
  waiting: number;
}

export interface YearLine extends Omit<ProgrammeLine, 'shifts'> {
  project: Named;
}

export interface Figure {
  id: string;
  day: string;
  value_milli: number;
  evidence: string | null;
}

/** One side of an objective: what is measured, what is wanted, what was reached when. */
export interface Curve {
  title: string;
  measure: string;
  wanted_milli: number;
  latest_milli: number | null;
  figures: Figure[];
}

export interface Objective {
  id: string;
  from: string;
  to: string;
  group: Named | null;
  goal: Curve;
  target: Curve;
}

export interface Objectives {
  project: Named;
  on: string;
  items: Objective[];
}

export interface OpenTask {
  id: string;
  title: string;
  project: Named;
  kind: GroupKind | null;
  state: TaskCourse['state'];
  zh: string;
  en: string;
  due: string;
  overdue: boolean;
}

export interface OpenLine extends Omit<ProgrammeLine, 'shifts'> {
  project: Named;
}

/** Something raised that is not settled; who raised it goes along with nobody. */
export interface OpenSignal {
  id: string;
  kind: string;
  what: string | null;
  project: Named;
  raised: string;
  state: string;
  zh: string;
  en: string;
  due: string | null;
  overdue: boolean;
}

interface Stand {
  project: Named;
  station: string;
  from: string;
  to: string | null;
}

/** What goes along with a group that moves, and what is left to whoever stays. */
export interface Handover {
  group: Named;
  on: string;
  from: string;
  to: string;
  before: Stand | null;
  now: Stand | null;
  tasks: OpenTask[];
  plan_lines: OpenLine[];
  signals: OpenSignal[];
  sealed_signals: number; // of which nothing more is told
  obligations: {
    meeting: string;
    from: string;
    to: string;
    due: string;
    state: string;
    rule: Rule | null;
  }[];
  waivers: { id: string; meeting: string; day: string }[];
  activities: { id: string; part: string; meeting: string; day: string }[];
  offices: { id: string; person: Named; post: string; from: string; to: string | null }[];
  ledgers: { name: string; zh: string; en: string }[];
  late: {
    part: string;
    activity: string;
    title: string;
    project: Named;
    meeting: string;
    day: string;
    recorded: string;
  }[];
  rule: Rule | null;
}

export interface AppraisalSheet {
  person: Named;
  sheet: string | null;
  group?: Named | null;
  day?: string;
  hidden?: boolean;
  appraisal?: string;
  opinion?: string | null;
}

/** What a project leaves behind when it closes. */
export interface Closing {
  project: Named;
  on: string;
  stage: string | null;
  to: string | null;
  sheets: AppraisalSheet[];
  sheets_missing: number;
  archive: { name: string; zh: string; en: string; class: string; years: number }[];
  retention: Rule | null;
  open: {
    tasks: OpenTask[];
    plan_lines: OpenLine[];
    signals: OpenSignal[];
    sealed_signals: number;
    stations: { id: string; group: Named; to: string | null }[];
    postings: { id: string; person: Named }[];
  };
  rule: Rule | null;
}

/** Evidence of a combination, by what it is about. */
export interface DevelopmentPlan {
  id: string;
  person: Named;
  mentor: Named | null;
  aim: string;
  from: string;
  to: string;
  result: string | null;
}

export interface Publicity {
  id: string;
  phase: string;
  carrier: string;
  content: string;
  shown: string | null;
}
