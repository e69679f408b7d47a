// router.ts - which address shows which page. The landing page comes with the app, the rest when
// asked.

import { createRouter, createWebHistory, type RouteLocationNormalized } from 'vue-router';
import BoardPage from '@/pages/d/coverage/BoardPage.vue';
import SignInPage from '@/pages/setup/SignInPage.vue';
import { dayOf } from '@/domain/view';
import { wordsOfPages } from '@/i18n';
import { useSession } from './session';
import Desktop from './shells/Desktop.vue';

declare module 'vue-router' {
  interface RouteMeta {
    open?: boolean; // needs nobody signed in
    dayless?: boolean; // shows nothing of a day
    first?: boolean; // comes with the app, and so do its words
    needs?: string; // the permission without which there is nothing to see
  }
}

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', redirect: '/d' },
    {
      path: '/signin',
      name: 'signin',
      component: SignInPage,
      meta: { open: true, dayless: true, first: true },
    },
    {
      path: '/receipt',
      name: 'receipt',
      component: () => import('@/pages/setup/ReceiptPage.vue'),
      meta: { open: true, dayless: true },
    },
    {
      path: '/setup',
      name: 'setup',
      component: () => import('@/pages/setup/SetupPage.vue'),
      meta: { open: true, dayless: true },
    },
    {
      path: '/d',
      component: Desktop,
      children: [
        { path: '', name: 'board', component: BoardPage, meta: { needs: 'read', first: true } },
        {
          path: 'site',
          name: 'site',
          component: () => import('@/pages/d/project/SitePage.vue'),
          meta: { needs: 'read' },
        },
        {
          path: 'duties',
          name: 'duties',
          component: () => import('@/pages/d/meetings/DutiesPage.vue'),
          meta: { needs: 'read' },
        },
        {
          path: 'summary',
          name: 'summary',
          component: () => import('@/pages/d/meetings/DutiesPage.vue'),
          meta: { needs: 'read' },
        },
        {
          path: 'notices',
          name: 'notices',
          component: () => import('@/pages/d/notices/NoticesPage.vue'),
          meta: { needs: 'read' },
        },
        {
          path: 'notices/:id',
          name: 'notice',
          component: () => import('@/pages/d/notices/NoticePage.vue'),
          meta: { needs: 'read' },
        },
        {
          path: 'signals/hazards',
          name: 'hazards',
          component: () => import('@/pages/d/signals/HazardsPage.vue'),
          meta: { needs: 'read' },
        },
        {
          path: 'signals/sealed',
          name: 'sealed',
          component: () => import('@/pages/d/signals/SealedPage.vue'),
          meta: { needs: 'read' },
        },
        {
          path: 'p/:id',
          name: 'project',
          component: () => import('@/pages/d/project/ProjectPage.vue'),
          meta: { needs: 'read' },
        },
        {
          path: 'g/:id',
          name: 'group',
          component: () => import('@/pages/d/people/GroupPage.vue'),
          meta: { needs: 'read' },
        },
        {
          path: 'conflicts',
          name: 'conflicts',
          component: () => import('@/pages/d/nodes/ConflictsPage.vue'),
          meta: { needs: 'write', dayless: true },
        },
        {
          path: 'gaps',
          name: 'gaps',
          component: () => import('@/pages/d/coverage/GapsPage.vue'),
          meta: { needs: 'read_people' },
        },
        {
          path: 'people',
          name: 'people',
          component: () => import('@/pages/d/people/PeoplePage.vue'),
          meta: { needs: 'read_people' },
        },
        {
          path: 'people/:id',
          name: 'person',
          component: () => import('@/pages/d/people/PersonPage.vue'),
          meta: { needs: 'read_people' },
        },
        {
          path: 'a/:id',
          name: 'activity',
          component: () => import('@/pages/d/meetings/ActivityPage.vue'),
          meta: { needs: 'read' },
        },
        {
          path: 'tasks',
          name: 'tasks',
          component: () => import('@/pages/d/tasks/TasksPage.vue'),
          meta: { needs: 'read' },
        },
        {
          path: 'tasks/:id',
          name: 'task',
          component: () => import('@/pages/d/tasks/TaskPage.vue'),
          meta: { needs: 'read' },
        },
        {
          path: 'items',
          name: 'items',
          component: () => import('@/pages/d/tasks/ItemsPage.vue'),
          meta: { needs: 'read' },
        },
        {
          path: 'items/new',
          name: 'deploy',
          component: () => import('@/pages/d/tasks/DeployPage.vue'),
          meta: { needs: 'write', dayless: true },
        },
        {
          path: 'items/:id',
          name: 'item',
          component: () => import('@/pages/d/tasks/ItemPage.vue'),
          meta: { needs: 'read' },
        },
        {
          path: 'assess',
          name: 'assess',
          component: () => import('@/pages/d/tasks/AssessPage.vue'),
          meta: { needs: 'read' },
        },
        {
          path: 'plan',
          name: 'year',
          component: () => import('@/pages/d/plan/YearPage.vue'),
          meta: { needs: 'read' },
        },
        {
          path: 'g/:id/handover',
          name: 'handover',
          component: () => import('@/pages/d/plan/HandoverPage.vue'),
          meta: { needs: 'read' },
        },
        {
          path: 'p/:id/closing',
          name: 'closing',
          component: () => import('@/pages/d/plan/ClosingPage.vue'),
          meta: { needs: 'read' },
        },
        {
          path: 'signals',
          name: 'signals',
          component: () => import('@/pages/d/signals/SignalsPage.vue'),
          meta: { needs: 'read' },
        },
        {
          path: 'signals/:id',
          name: 'signal',
          component: () => import('@/pages/d/signals/SignalPage.vue'),
          meta: { needs: 'read' },
        },
        {
          path: 'ledgers',
          name: 'ledgers',
          component: () => import('@/pages/d/ledgers/LedgerPage.vue'),
          meta: { needs: 'read' },
        },
        {
          path: 'me',
          name: 'me',
          component: () => import('@/pages/d/MePage.vue'),
          meta: { dayless: true },
        },
      ],
    },
    {
      path: '/:rest(.*)*',
      name: 'nowhere',
      component: () => import('@/pages/setup/NowherePage.vue'),
      meta: { open: true, dayless: true },
    },
  ],
  scrollBehavior(to, from, saved) {
    if (saved) return saved;
    return to.path === from.path ? false : { top: 0 };
  },
});

/** The day somebody looks at goes with them from page to page. */
function carriedDay(to: RouteLocationNormalized, from: RouteLocationNormalized) {
  if (to.path === from.path || to.meta.dayless || to.query.on !== undefined) return null;
  const on = dayOf(from.query);
  return on ? { ...to, query: { ...to.query, on } } : null;
}

router.beforeEach(async (to, from) => {
  const session = useSession();
  await session.ready();
  if (session.unreachable) return true;
  if (session.needsSetup && to.name !== 'setup') return { name: 'setup' };
  if (!session.needsSetup && to.name === 'setup') return { name: 'board' };
  if (session.signedIn && to.name === 'signin') return session.home;
  if (!session.signedIn && !to.meta.open) {
    const next = to.fullPath === '/d' ? {} : { next: to.fullPath };
    return { name: 'signin', query: next };
  }
  if (session.mustChange && to.name !== 'me') return { name: 'me' };
  return carriedDay(to, from) ?? true;
});

router.beforeResolve(async (to) => {
  if (!to.meta.first) await wordsOfPages();
});
