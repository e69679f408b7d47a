// tasks.ts - which steps come next in the closed loop, and what each of them has to say.

export const TASK_STATES = [
  'overdue',
  'rework',
  'reported',
  'deployed',
  'accepted',
  'passed',
  'assessed',
  'withdrawn',
] as const;

export interface StepNeeds {
  words: 'must' | 'may';
  until: boolean;
  evidence: boolean;
}

const INSPECTS = ['pass', 'rework', 'grant_extension', 'refuse_extension', 'assess', 'withdraw'];

/** What somebody may do next; who does the work does not inspect it. */
export function nextActs(
  course: { state: string; asked_until: string | null },
  inspects: boolean,
): string[] {
  const acts: string[] = [];
  if (course.state === 'deployed') acts.push('accept');
  if (['deployed', 'accepted', 'rework'].includes(course.state)) {
    acts.push('report');
    if (course.asked_until === null) acts.push('ask_extension');
    else acts.push('grant_extension', 'refuse_extension');
  }
  if (course.state === 'reported') acts.push('pass', 'rework');
  if (course.state === 'passed') acts.push('assess');
  if (!['passed', 'assessed', 'withdrawn'].includes(course.state)) acts.push('withdraw');
  return inspects ? acts : acts.filter((act) => !INSPECTS.includes(act));
}

export function needsOf(act: string): StepNeeds {
  return {
    words: ['report', 'rework', 'ask_extension', 'withdraw'].includes(act) ? 'must' : 'may',
    until: ['rework', 'ask_extension', 'grant_extension'].includes(act),
    evidence: act === 'report',
  };
}

/** What is late is told before where it stands. */
export function taskState(course: { state: string; overdue: boolean }): string {
  return course.overdue ? 'overdue' : course.state;
}
