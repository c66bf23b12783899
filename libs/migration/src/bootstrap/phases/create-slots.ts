import { formatSlots } from '@slotferry/cluster';
import type { OpenCluster } from '@slotferry/inventory';
import type { PikaNode } from '@slotferry/pika';
import { done, type Outcome, wait } from '@slotferry/workflow';
import { type BootstrapContext, BootstrapPhase } from '../bootstrap-phase';
import { slotsToHold } from '../nodes';

/** Slots created by one command: each holds up every data command of its node for about 70 ms. */
const perCommand = { idleNode: 16, busyNode: 1 };
/** Pause between two commands to a node that holds slots already and may serve clients, in milliseconds. */
const busyPauseMs = 100;

/** Creates the slots on the master and the replicas of every group, nodes at the same time, one command per node at a time. */
export class BootstrapCreateSlots extends BootstrapPhase {
  readonly name = 'create-slots';

  protected async work(context: BootstrapContext, cluster: OpenCluster): Promise<Outcome> {
    const view = await cluster.router.view();
    const served = new Set(view.routes.flatMap(({ group }) => (group === null ? [] : [group])));
    const nodes = slotsToHold(cluster, view).flatMap(({ group, master, replicas, table, slots }) =>
      [master, ...replicas].map((address) => ({ node: cluster.node(address), group, table, slots })),
    );
    const rests = await Promise.all(
      nodes.map(async ({ node, group, table, slots }) => {
        const held = await node.slots(undefined, table);
        const missing = slots.filter((slot) => !held.has(slot));
        const busy = served.has(group.id) && held.size > 0 && missing.length > 0;
        const chunk = missing.slice(0, busy ? perCommand.busyNode : perCommand.idleNode);
        if (chunk.length > 0) await create(context, node, chunk, table);
        return { left: missing.length - chunk.length, busy };
      }),
    );
    const left = rests.reduce((sum, one) => sum + one.left, 0);
    const busy = rests.some((one) => one.busy);
    if (left === 0) return done();
    return wait('creating-slots', `${left} slots are still to be created`, busy ? busyPauseMs : 0, { left });
  }
}

async function create(
  context: BootstrapContext,
  node: PikaNode,
  slots: readonly number[],
  table: number,
): Promise<void> {
  await context.command({
    target: `pika ${node.address}`,
    action: `create slots ${formatSlots(slots)}${table === 0 ? '' : ` of table ${table}`}`,
    send: (gate) => node.addSlots(slots, table, gate),
  });
}
