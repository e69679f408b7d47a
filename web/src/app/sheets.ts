// sheets.ts - the dialogs that may stand over any page, and sides of pages; each comes when first
// opened.

import { wordsOfPages } from '@/i18n';

/** A dialog of the first page, too, may need the words of the others. */
const withWords =
  <Part>(load: () => Promise<Part>) =>
  () =>
    Promise.all([load(), wordsOfPages()]).then(([part]) => part);

export const loadConfirmSheet = () => import('./ConfirmSheet.vue');
export const loadWhySheet = withWords(() => import('@/pages/d/WhySheet.vue'));
export const loadMoveSheet = withWords(() => import('@/pages/d/MoveSheet.vue'));
export const loadOwed = () => import('@/pages/d/OwedCard.vue');
export const loadMerge = () => import('@/pages/d/MergeCard.vue');
export const loadActivities = () => import('@/pages/d/ActivityList.vue');
export const loadTasks = () => import('@/pages/d/TaskTab.vue');
export const loadProgramme = () => import('@/pages/d/ProgrammeTab.vue');
export const loadSignals = () => import('@/pages/d/SignalTab.vue');
export const loadAssessment = () => import('@/pages/d/AssessTab.vue');
export const loadObjectives = () => import('@/pages/d/ObjectiveTab.vue');
