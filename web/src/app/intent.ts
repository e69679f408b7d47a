// intent.ts - one thing somebody means to do, with one id until it is done or given up: pressing
// again after a lost answer cannot do it twice.

import { ref, shallowRef } from 'vue';
import { useLive } from '@/data/live';
import { api } from '@/data/api';
import { ApiError } from '@/data/http';
import type { Wish } from '@/data/types';
import { newCommandId } from '@/domain/uuid';

export function useIntent() {
  const live = useLive();
  const sending = ref(false);
  const failed = shallowRef<ApiError | null>(null);
  let op = newCommandId();

  function renew(): void {
    op = newCommandId();
    failed.value = null;
  }

  /** True once the node has said that it is done. */
  async function send(wish: Wish): Promise<boolean> {
    if (sending.value) return false;
    sending.value = true;
    failed.value = null;
    try {
      const { results } = await api.command([{ op, ...wish }]);
      const result = results[0];
      if (result?.status === 'done') {
        live.news();
        return true;
      }
      const { code = 'refused', detail = '' } = result?.error ?? {};
      renew();
      failed.value = new ApiError(409, code, detail);
    } catch (thrown) {
      if (!(thrown instanceof ApiError)) throw thrown;
      failed.value = thrown.status === 0 ? new ApiError(0, 'unsure', thrown.detail) : thrown;
    } finally {
      sending.value = false;
    }
    return false;
  }

  return { sending, failed, renew, send };
}
