// intent.ts - what somebody means to do, in one or several commands that each keep their id until it
// is done or given up: pressing again after a lost answer cannot do it twice.

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
  const ids = shallowRef<string[]>([]); // of what was last done
  const receipt = shallowRef(''); // for something raised without a name
  let ops: string[] = [];

  function renew(): void {
    ops = [];
    failed.value = null;
  }

  /** True once the node has said that all of it is done. */
  async function send(...wishes: Wish[]): Promise<boolean> {
    if (sending.value) return false;
    sending.value = true;
    failed.value = null;
    while (ops.length < wishes.length) ops.push(newCommandId());
    try {
      const commands = wishes.map((wish, at) => ({ op: ops[at]!, ...wish }));
      const { results } = await api.command(commands);
      const refused = results.find(({ status }) => status !== 'done');
      if (!refused && results.length === wishes.length) {
        ids.value = results.flatMap((result) => result.ids ?? []);
        receipt.value = results[0]?.receipt ?? '';
        live.news();
        return true;
      }
      const { code = 'refused', detail = '' } = refused?.error ?? {};
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

  return { sending, failed, ids, receipt, renew, send };
}
