// sheets.ts - the dialogs that may stand over any page, and sides of pages; each comes when first
// opened.

import { wordsOfPages } from '@/i18n';

/** A dialog of the first page, too, may need the words of the others. */
const withWords =
  <Part>(load: () => Promise<Part>) =>
  () =>
    Promise.all([load(), wordsOfPages()]).then(([part]) => part);

export const loadConfirmSheet = () => import('./ConfirmSheet.vue');
export const loadWhySheet = withWords(() => import('@/pages/d/coverage/WhySheet.vue'));
export const loadMoveSheet = withWords(() => import('@/pages/d/coverage/MoveSheet.vue'));
export const loadOwed = () => import('@/pages/d/meetings/OwedCard.vue');
export const loadMerge = () => import('@/pages/d/meetings/MergeCard.vue');
export const loadActivities = () => import('@/pages/d/meetings/ActivityList.vue');
export const loadTasks = () => import('@/pages/d/tasks/TaskTab.vue');
export const loadProgramme = () => import('@/pages/d/plan/ProgrammeTab.vue');
export const loadSignals = () => import('@/pages/d/signals/SignalTab.vue');
export const loadAssessment = () => import('@/pages/d/tasks/AssessTab.vue');
export const loadObjectives = () => import('@/pages/d/plan/ObjectiveTab.vue');
