import type { OpenCluster } from '@slotferry/inventory';
import { done, type Outcome, wait } from '@slotferry/workflow';
import { detachAll } from '../attachment/attachment-outcome';
import type { MoveSlotInput } from '../definitions';
import type { MoveContext } from './cast';

/**
 * Detaches what the parent attached before the move began, on every node of the target's group. The slots themselves are the parent's
 * to take away, when nobody follows anybody any more.
 */
export async function takePreparationBack(
  context: MoveContext,
  cluster: OpenCluster,
  { source, target }: NonNullable<MoveSlotInput['prepared']>,
): Promise<Outcome> {
  const { slot, table, to } = context.input;
  const { groups, routes } = await cluster.router.view();
  const route = routes.find((one) => one.table === table && one.slot === slot);
  if (route?.group === to) return done();
  const servers = groups.find(({ id }) => id === to)?.servers ?? [];
  // Replicas first: a master that is followed is not free.
  for (const address of [...servers].reverse()) {
    const node = cluster.node(address);
    const left = await detachAll(context, node, [source, target], [slot], table);
    if (left) return wait('detaching', left, 50);
    const info = await node.slot(slot, table);
    if (info && info.slaves.length > 0)
      return wait('slot-in-syncing', `${address} still lists who followed slot ${slot}`, 100);
  }
  return done();
}
