// types.ts - what the API answers, as documented in its openapi.json.

import type { LedgerCell } from '../domain/ledger.ts';
import type { ChoiceSetName } from './vocab.ts';
import type { Box, Briefing } from './daily.ts';

export interface Named {
  id: string;
  name: string;
}

export type Level = 'fact' | 'advice' | 'gap' | 'warning' | 'error';

/** A sentence in both languages with a stable code, and how grave it is. */
export interface Said {
  code: string;
  level?: Level;
  zh: string;
  en: string;
}

export interface Paged<Item> {
  items: Item[];
  total: number;
  page: number;
  size: number;
}

/** Two values of one field, written where nobody had heard of the other. */
export interface Conflict {
  kind: string;
  kind_zh: string;
  kind_en: string;
  thing: Named;
  field: string;
  zh: string;
  en: string;
  among: ChoiceSetName | null; // of a choice: which list
  sealed: boolean;
  shown: ConflictValue;
  rival: ConflictValue;
  entry: string;
  day: string;
  node: string;
  node_name: string; // of a node this one exchanges with
}
export type ConflictValue = string | number | boolean | Named | null;

export interface NodeInfo {
  name: string;
  role: 'hq' | 'box';
  version: string;
  needs_setup: boolean;
  today: string;
  demo: boolean;
  signed_in?: boolean; // saves asking for a session that is not there
}

export interface Session {
  account: Named;
  person?: Named | null; // whose account it is
  roles: { role: string; scope: Named | null }[];
  csrf: string;
  may: string[];
  must_change?: boolean; // the password, before anything else
}

export interface Project extends Named {
  code: string | null;
  place: string | null;
  unit: Named;
  from: string;
  to: string | null;
  stage: string | null;
  lat: number | null;
  lon: number | null;
}

export interface Coverage {
  state: string;
  reasons: Said[];
  advice: Said[];
  group: (Named & { distance_m: number | null }) | null;
  leader: Named | null;
  people: number;
  formal: number;
  probationary: number;
  pending: number;
}

export interface BoardItem extends Coverage {
  project: Project;
}

export interface Board extends Paged<BoardItem> {
  on: string;
  version: number;
  counts: Record<string, number>;
}

export interface Phase {
  id: string;
  phase: string;
  zh: string;
  en: string;
  from: string;
  to: string | null;
}

export type GroupKind = 'party' | 'union' | 'crew';

export interface ProjectGroup extends Named {
  kind: GroupKind;
  form: string | null;
  stationed: boolean; // false: the project is attached to it
  at: Named | null; // where it stands
  from: string | null; // of the station here
  to: string | null;
  leader: Named | null;
  members: number;
}

export interface ProjectPage {
  on: string;
  project: Project & { phases: Phase[] };
  coverage: Coverage;
  groups: ProjectGroup[];
  homes: (Named & { facilities: string | null; from: string; to: string | null })[];
  changes: { on: string; to: string | null; state: string }[];
}

export interface Member {
  person: Named & { staff_no: string | null; trade: string | null; unit: Named | null };
  posting: { id: string; from: string; to: string | null; pending: boolean; core: boolean } | null;
  party: 'formal' | 'probationary' | 'none';
  union: boolean;
  groups: (Named & { kind: GroupKind })[];
}

export interface Station {
  project: Named;
  from: string;
  to: string | null;
}

export interface Group extends Named {
  kind: GroupKind;
  form: string | null;
  unit: Named;
  station: Station | null;
}

export interface GroupPage {
  group: Group;
  stations: Station[];
  leader: Named | null;
  home: Named | null;
}

/** What a move writes: a station or somebody's posting that ends or begins. */
export interface MoveFact extends Said {
  person: Named | null;
  project: Named | null;
  from: string;
  to: string | null;
}

export interface MovePreview {
  group: Named;
  from: Named | null;
  to: Named;
  on: string;
  facts: MoveFact[];
  people: Named[];
  sides: {
    project: Named;
    before: { state: string; reasons: Said[] };
    after: { state: string; reasons: Said[] };
  }[];
  findings: Said[];
  may_confirm: boolean;
}

export type Fields = Record<string, string | number | boolean | null>;

/** What a command says beside its id; which members go with which `do` is the server's to check. */
export interface Wish {
  do: string;
  id?: string;
  reason?: string;
  fields?: Fields;
  parts?: Fields[];
  group?: string;
  to?: string;
  on?: string;
  project?: string;
  projects?: string[];
  unit?: string;
  period?: string;
  proposal?: string;
}

export type Command = { op: string } & Wish;

export interface CommandResult {
  op: string;
  status: 'done' | 'refused';
  ids?: string[];
  receipt?: string; // by which who stays unnamed asks what became of it
  error?: { code: string; detail: string };
}

export interface Rule {
  id: string;
  title_zh: string;
  title_en: string;
  source: string;
  source_en?: string;
  hardness?: string;
}

export interface WhyReason extends Said {
  facts: { kind: string; id: string; zh: string; en: string }[];
  rule: Rule | null;
}

export interface WhyMembership {
  answer: boolean;
  on: string;
  person: Named;
  group: Named;
  reasons: WhyReason[];
}

export interface WhyCoverage {
  state: string;
  on: string;
  project: Named;
  reasons: WhyReason[];
}

export interface Proposal {
  code: string;
  zh: string;
  en: string;
  group: Named | null;
  person: Named | null;
  from: Named | null; // where the group or the person is now
  distance_m: number | null;
  result: string; // the state of coverage it leads to
  effects: Said[];
}

export interface Gaps {
  on: string;
  items: { project: Project; reasons: Said[]; proposals: Proposal[] }[];
  assignment: {
    total_distance_m: number;
    pairs: { project: Named; group: Named; distance_m: number }[];
  } | null;
}

export interface Person extends Named {
  staff_no: string | null;
  sex: string | null;
  birth: string | null;
  trade: string | null;
  employment: string | null;
  unit: Named | null;
}

export interface PersonPage {
  person: Person;
  postings: { id: string; project: Named; from: string; to: string | null; pending?: boolean }[];
  standings: { id: string; standing: string; from: string; to: string | null }[];
  groups: (Named & { kind: GroupKind })[];
  exceptions: {
    id: string;
    group: Named;
    effect: string;
    reason: string;
    from: string;
    to: string | null;
  }[];
  findings: Said[];
}

export interface Unit extends Named {
  parent: string | null;
  level: string | null;
  code: string | null;
}

/** A meeting that a group owes in a period, and what became of it. */
export interface Owed {
  group: Named;
  kind: GroupKind;
  meeting: string;
  from: string;
  to: string;
  due: string;
  wanted: number;
  held: number;
  made_up: number;
  recorded_late: boolean;
  state: string;
  breach: string | null;
  planned: { activity: string; day: string }[];
  waiver: string | null;
  waiver_reason: string | null;
  rule: Rule | null;
}

export interface OwedAnswer {
  on: string;
  from: string;
  to: string;
  items: Owed[];
  counts: Record<string, number>;
}

export interface LedgerColumn {
  name: string;
  zh: string;
  en: string;
  kind: string | null; // null: worked out
  field: string | null;
}

export interface LedgerInfo {
  name: string;
  zh: string;
  en: string;
  whose: GroupKind;
  time: 'period' | 'day';
  kept_years: number | null; // null: for ever
  columns: LedgerColumn[];
}

export interface Ledger {
  on: string;
  from?: string;
  to?: string;
  ledger: LedgerInfo;
  rows: LedgerCell[][];
  total: number;
  page: number;
  size: number;
}

/** A meeting that a proposal for merging covers, or leaves. */
export interface MergeNeed {
  group: Named;
  kind: GroupKind;
  meeting: string;
  from: string;
  to: string;
  due: string;
  state: string;
  minutes: number;
  makes_up: string | null;
}

export interface MergeActivity {
  title: string;
  day: string;
  earliest: string;
  latest: string;
  minutes: number;
  apart_minutes: number;
  saved_minutes: number;
  common: boolean;
  joins: Named | null;
  apart: Said | null;
  covers: MergeNeed[];
}

export interface Merges {
  project: Named;
  on: string;
  from: string;
  to: string;
  proposal: string;
  meetings: number;
  activities: number;
  joined: number;
  daily: number;
  fewest: boolean;
  saved_minutes: number;
  why: { zh: string; en: string; rule: Rule | null };
  items: MergeActivity[];
  left: (MergeNeed & Said)[];
}

export interface ActivityLine {
  id: string;
  title: string;
  day: string;
  project: Named;
  progress: string;
  practice: string | null;
  place: string | null;
  parts: { id: string; group: Named; meeting: string }[];
}

export interface Attended {
  id: string | null;
  person: Named;
  status: string;
  expected: boolean;
  reason: string | null;
  signature: string | null;
  signed_on: string | null;
  read_on: string | null;
  read_note: string | null;
}

export interface Vote {
  ballot: string | null;
  for: number;
  against: number;
  abstained: number;
  written: number;
  result: string;
  why: WhyReason[];
}

export interface Topic {
  id: string;
  matter: string;
  title: string;
  discussion: string | null;
  resolution: string | null;
  open: string | null;
  vote?: Vote | null;
}

export interface AttendanceCounts {
  expected: number;
  there: number;
  online: number;
  leave: number;
  absent: number;
  silent: number;
  observers?: number;
  voting?: number;
  voting_there?: number;
}

/** What a group held for itself; only the first members are there when it is not open to the asker. */
export interface ActivityPart {
  id: string;
  group: Named;
  kind: GroupKind;
  meeting: string;
  makes_up: string | null;
  open: boolean;
  record?: string | null;
  convened?: boolean;
  counts?: AttendanceCounts;
  quorum?: { reached: boolean; needed: number } | null;
  why?: WhyReason[];
  unsigned?: Named[];
  to_read?: Named[];
  briefing?: Briefing | null; // of a pre-shift talk
  topics?: Topic[];
}

export interface Minutes {
  on: string;
  id: string;
  project: Named;
  title: string;
  day: string;
  recorded: string;
  recorded_late: boolean;
  progress: string;
  practice: string | null;
  place: string | null;
  start: string | null;
  end: string | null;
  duration: number | null;
  host: Named | null;
  recorder: Named | null;
  convened: string | null;
  agenda: string | null;
  record: string | null;
  counts: AttendanceCounts;
  attendance: Attended[];
  topics: Topic[];
  parts: ActivityPart[];
}

export interface TaskClimb {
  level: number;
  unit: Named | null;
  since: string;
}

/** What a site put before the unit in charge: a report to be inspected, an extension to be decided. */
export interface TaskSubmission {
  for: 'inspection' | 'extension';
  zh: string;
  en: string;
  since: string;
  due: string | null;
  decided: string | null;
  overdue: boolean;
  held_by: Named | null;
  climbs_next: string | null;
  climbs: TaskClimb[];
}

/** How far a task has come: for all, or for one kind of group that answers apart. */
export interface TaskCourse {
  group_kind: GroupKind | null;
  state: string;
  zh: string;
  en: string;
  round: number;
  due: string;
  overdue: boolean;
  asked_until: string | null;
  last: string | null; // the last step; null: nobody has acted
  held_by: Named | null;
  held_since: string | null;
  climbs_next: string | null;
  forks: number;
  legs?: { round: number; due: string; climbs: TaskClimb[]; rule: Rule | null }[];
  submission?: TaskSubmission | null; // what waits to be decided now
  submissions?: TaskSubmission[];
}

export interface Task {
  id: string;
  item: Named;
  project: Named;
  unit: Named;
  goal: string;
  mode: string;
  weight: number;
  deployed: string;
  due: string;
  received: string | null; // when its project first heard of it
  seen: number; // how many there have read it
  courses: TaskCourse[];
}

export interface TaskList extends Paged<Task> {
  on: string;
  counts: Record<string, number>;
}

export interface TaskStep {
  id: string;
  act: string;
  group_kind: GroupKind | null;
  day: string;
  recorded: string;
  recorded_late: boolean;
  until: string | null;
  words: string | null;
  evidence: string | null;
  by: Named | null;
  standing: string; // "counts", or why it does not
}

export interface TaskPage extends Task {
  box?: Box | null;
  on: string;
  done_when: string;
  steps: TaskStep[];
}

/** A line of a project's programme with the day its phase gives it. */
export interface ProgrammeLine {
  id: string;
  title: string;
  state: string;
  zh: string;
  en: string;
  day: string | null;
  moved_days: number;
  first: string | null;
  phase: string;
  edge: string;
  offset: number;
  risk: { scheme: string; level: number } | null;
  arranged: string | null;
  meeting: string | null;
  kinds: GroupKind[];
  focus: string | null;
  grip: string | null;
  activity: string | null;
  task: string | null;
  shifts: { by?: Named | null; day?: string; days?: number; zh?: string; en?: string }[];
}

export interface Programme {
  project: Named;
  on: string;
  items: ProgrammeLine[];
  counts: Record<string, number>;
  rule: Rule | null;
}

export interface ProjectGate {
  stage: string | null;
  open: boolean;
  binding: boolean;
  conditions: {
    code: string;
    zh: string;
    en: string;
    asked: boolean;
    met: boolean;
    facts: { kind: string; id: string; group: Named | null; person: Named | null }[];
    lines?: number;
    lines_min?: number;
  }[];
  rule: Rule | null;
}

export interface Combinations {
  items: {
    code: string;
    zh: string;
    en: string;
    evidence: Record<string, unknown>[];
    empty: boolean;
    next_zh: string;
    next_en: string;
  }[];
  rule: Rule | null;
}

/** Something raised at a site, and how it stands. */
export interface Signal {
  id: string;
  kind: string;
  project: Named;
  what: string | null; // null: sealed, or not for the asker
  place: string | null;
  raised: string;
  raiser: Named | null;
  unnamed: string | null;
  sealed: boolean;
  state: string;
  state_zh: string;
  state_en: string;
  open: boolean;
  grade: string | null;
  until: string | null;
  extension_asked: string | null;
  stopped: boolean;
  supervised: boolean;
  waits_for: string | null;
  due: string | null;
  overdue: boolean;
  climbs_next: string | null;
  held_by: { project?: Named | null; unit?: Named | null };
}

export interface SignalStep {
  id: string;
  step: string;
  zh: string;
  en: string;
  day: string;
  recorded: string;
  fate: string; // "counts", or why it does not
  note: string | null;
  answer: string | null;
  responsible: string | null;
  until: string | null;
  grade: string | null;
  group: Named | null;
  person: Named | null;
  sealed: boolean;
}

export interface SignalPage extends Signal {
  steps: SignalStep[];
  rules: Rule[];
}

export interface Deduction {
  code: string;
  outcome: string;
  zh: string;
  en: string;
  part: string;
  title: string;
  day: string;
  fact: { kind: string; id: string } | null; // null: nothing was held
  weight: number;
  points: number;
  counted: number; // after a ruling on an objection
  rule: Rule | null;
  duty: Rule | null;
  objection: {
    id: string;
    reason: string;
    rulings: { id: string; decision: string; points: number | null; reason: string | null }[];
  } | null;
}

/** Of a group, never of a person. */
export interface Assessment {
  on: string;
  from: string;
  to: string;
  points: number;
  grade_zh: string;
  grade_en: string;
  grade_rule: Rule | null;
  parts: { part: string; zh: string; en: string; most: number; lost: number; rule: Rule | null }[];
  self: { id: string; points: number; words: string | null } | null;
  deductions: Deduction[];
}
