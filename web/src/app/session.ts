// session.ts - who is signed in at which node. Nothing of it is kept in the browser: the cookie is
// the server's, and a reload asks again.

import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { api } from '@/data/api';
import { ApiError, forgetAnswers } from '@/data/http';
import type { NodeInfo, Session } from '@/data/types';

export const useSession = defineStore('session', () => {
  const node = shallowRef<NodeInfo | null>(null);
  const session = shallowRef<Session | null>(null);
  const asked = ref(false);
  const unreachable = shallowRef<ApiError | null>(null);

  async function ask(): Promise<void> {
    unreachable.value = null;
    try {
      node.value = await api.node();
      if (node.value.signed_in !== false) session.value = await api.session();
      asked.value = true;
    } catch (thrown) {
      if (thrown instanceof ApiError && thrown.status === 401) asked.value = true;
      else if (thrown instanceof ApiError) unreachable.value = thrown;
      else throw thrown;
    }
  }

  return {
    node,
    session,
    unreachable,
    today: computed(() => node.value?.today ?? ''),
    signedIn: computed(() => session.value !== null),
    needsSetup: computed(() => node.value?.needs_setup === true),
    mustChange: computed(() => session.value?.must_change === true),
    /** Where somebody's day begins: at their site, or above all of them. */
    home: computed(() => {
      const roles = session.value?.roles ?? [];
      const isOfSite = ({ role }: { role: string }) => role === 'leader' || role === 'worker';
      return roles.length > 0 && roles.every(isOfSite) ? '/d/site' : '/d';
    }),
    may: (what: string) => session.value?.may.includes(what) === true,
    ask,
    async ready(): Promise<void> {
      if (!asked.value) await ask();
    },
    async signIn(name: string, password: string): Promise<void> {
      session.value = await api.signIn(name, password);
      asked.value = true;
    },
    async confirm(password: string): Promise<void> {
      session.value = await api.confirm(password);
    },
    /** Another tab may have given the session a new secret, and with it another token. */
    async askAgain(): Promise<boolean> {
      const before = session.value?.csrf;
      session.value = await api.session();
      return session.value.csrf !== before;
    },
    async setUp(code: string, name: string, password: string): Promise<void> {
      session.value = await api.setup(code, name, password);
      if (node.value) node.value = { ...node.value, needs_setup: false };
      asked.value = true;
    },
    async signOut(): Promise<void> {
      await api.signOut();
      session.value = null;
      forgetAnswers();
    },
    lost(): void {
      session.value = null;
      forgetAnswers();
    },
    async refreshNode(): Promise<void> {
      node.value = await api.node();
    },
  };
});
