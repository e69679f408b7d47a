// seen.ts - who is at a project and opens what came down has read it, and says so by opening it.

import { useIntent } from './intent';
import { useDay } from './place';
import { useSession } from './session';

const said = new Set<string>(); // while the app is open

/** Says it once, about today. Who is posted nowhere has nothing to say: the refusal is
 * right, and nobody needs to hear it. */
export function useSeen(what: 'notice' | 'task', id: string): () => void {
  const session = useSession();
  const { on } = useDay();
  const { send } = useIntent();
  return () => {
    if (said.has(id) || on.value !== null) return;
    if (!session.may('take_part') || !session.session?.person) return;
    said.add(id);
    void send({ do: 'seen.add', fields: { [what]: id } });
  };
}
