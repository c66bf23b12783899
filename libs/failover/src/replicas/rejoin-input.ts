import { formatSlots, parseSlots, type SlotRef } from '@slotferry/cluster';
import type { RejoinInput } from '../definitions';
import type { Finding } from './finding';
import { keyOf } from '../slots/slot-lists';

/**
 * The input of the rejoin that mends a finding. Only for `diverged` it names slots: nothing on the node shows any more which copies
 * were attached plainly though they held writes of their own. Otherwise a rejoin looks at all slots of the group itself.
 */
export function rejoinInputOf(cluster: string, finding: Finding): RejoinInput {
  const { code, group, node, slots } = finding;
  const input = { cluster, group, node, finding: code };
  return code === 'diverged' ? { ...input, suspects: formatSuspects(slots) } : input;
}

/** Keys of the slots that the input names as diverged. */
export function suspectsOf(input: RejoinInput): ReadonlySet<string> {
  const text = String(input['suspects'] ?? '');
  return new Set(
    text.split(' ').flatMap((part) => {
      const [table, slots] = part.split(':');
      return slots ? parseSlots(slots).map((slot) => keyOf({ table: Number(table), slot })) : [];
    }),
  );
}

/** `0:1,5-7 1:3`: a table, then its slots. */
function formatSuspects(slots: readonly SlotRef[]): string {
  return [...new Set(slots.map(({ table }) => table))]
    .map((table) => {
      const ofTable = slots.filter((one) => one.table === table).map(({ slot }) => slot);
      return `${table}:${formatSlots(ofTable)}`;
    })
    .join(' ');
}
