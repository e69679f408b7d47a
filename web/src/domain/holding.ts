// holding.ts - from what somebody ticked to the one command that says which groups held what.

export type MeetingsOf = Record<string, readonly string[]>;

/** Which meetings a kind of group may hold, as the server checks it. */
export const MEETINGS_OF: MeetingsOf = {
  party: [
    'party_group_meeting',
    'theme_day',
    'party_lecture',
    'branch_meeting',
    'committee_meeting',
    'organisation_life',
    'appraisal',
  ],
  union: ['union_meeting'],
  crew: ['pre_shift_talk', 'safety_day', 'emergency_drill'],
};

export interface Holding {
  project: string;
  title: string;
  day: string;
  progress: 'held' | 'planned';
  place: string;
  duration: string; // minutes, as typed
  record: string;
  parts: readonly { group: string; meeting: string; record: string; makesUp: string | null }[];
}

export interface HoldingAct {
  do: 'activity.add';
  fields: Record<string, string | number>;
  parts: Record<string, string>[];
}

/** What was left empty is left out: the server fills what it can. Null while something is missing.
 *  A part makes up for an earlier period only when its day lies before that of the activity. */
export function actOfHolding(holding: Holding): HoldingAct | null {
  const { project, title, day, progress, place, duration, record } = holding;
  if (title.trim() === '' || holding.parts.length === 0) return null;
  const fields: Record<string, string | number> = { project, title: title.trim(), day, progress };
  if (place.trim()) fields.place = place.trim();
  if (duration.trim()) fields.duration = Number(duration);
  if (record.trim()) fields.record = record.trim();
  const parts = holding.parts.map((part) => {
    const said: Record<string, string> = { group: part.group, meeting: part.meeting };
    if (part.record.trim()) said.record = part.record.trim();
    if (part.makesUp !== null && part.makesUp < day) said.makes_up = part.makesUp;
    return said;
  });
  return { do: 'activity.add', fields, parts };
}

/** Something that is ahead can only be planned; what lies back was held. */
export function progressFor(day: string, today: string): 'held' | 'planned' {
  return day > today ? 'planned' : 'held';
}
