import { formatSlots, parseSlots, type RouterView, type SlotMove } from '@slotferry/cluster';
import type { OpenCluster } from '@slotferry/inventory';
import type { PikaNode } from '@slotferry/pika';
import { done, type Outcome, wait } from '@slotferry/workflow';
import { block } from '../../outcomes';
import { describeDrift, findDrift } from '../drift';
import { movesOf, recordAlreadyThere, type RebalanceContext, RebalancePhase } from '../rebalance-phase';

/** Slots created by one command: each holds up every data command of its node for about 70 ms. */
const perCommand = { idleNode: 16, busyNode: 1 };
/** Pause between two commands to a node that serves clients, in milliseconds. */
const busyPauseMs = 250;

/**
 * Checks that the cluster is still as it was planned for, and creates the slots on all nodes that will get them, before the first
 * is handed over: creating one holds up every client of its node.
 */
export class RebalancePrepare extends RebalancePhase {
  readonly name = 'prepare';

  protected async work(context: RebalanceContext, cluster: OpenCluster): Promise<Outcome> {
    const view = await cluster.router.view();
    const moves = movesOf(context);
    const drift = findDrift(moves, view);
    if (drift.length > 0) {
      return block(
        'plan-drifted',
        `the cluster is not as it was planned for: ${describeDrift(drift)}`,
        'Cancel this rebalance and plan anew.',
      );
    }
    const routed = new Map(view.routes.map(({ table, slot, group }) => [`${table}/${slot}`, group]));
    const isThere = ({ table, slot, to }: SlotMove): boolean => routed.get(`${table}/${slot}`) === to;
    const left = await this.createMissing(
      context,
      cluster,
      view,
      moves.filter((move) => !isThere(move)),
    );
    if (left) return left;
    recordAlreadyThere(context, moves.filter(isThere));
    return done({ moves: moves.length });
  }

  /** Takes away what it created and nobody uses: slots whose moves were undone before they began. */
  protected async takeBack(context: RebalanceContext, cluster: OpenCluster): Promise<Outcome> {
    const view = await cluster.router.view();
    const owners = new Map(view.routes.map(({ table, slot, group }) => [`${table}/${slot}`, group]));
    const groupOf = new Map(
      view.groups.flatMap(({ id, servers }) => servers.map((server) => [server, id] as const)),
    );
    for (const [name, stored] of Object.entries(context.facts)) {
      const [kind, address = '', table = '0'] = name.split(' ');
      if (kind !== 'created' || typeof stored !== 'string' || stored === '') continue;
      const node = cluster.node(address);
      const infos = await node.slots(parseSlots(stored), Number(table));
      const unused = [...infos.values()].filter(
        ({ slot, following, slaves }) =>
          owners.get(`${table}/${slot}`) !== groupOf.get(address) && !following && slaves.length === 0,
      );
      if (unused.length === 0) continue;
      await remove(
        context,
        node,
        unused.map(({ slot }) => slot),
        Number(table),
      );
    }
    return done();
  }

  private async createMissing(
    context: RebalanceContext,
    cluster: OpenCluster,
    view: RouterView,
    moves: readonly SlotMove[],
  ): Promise<Outcome | null> {
    let [left, busy] = [0, false];
    for (const { id, servers } of view.groups) {
      const coming = moves.filter(({ to }) => to === id);
      const serves = view.routes.some(({ group }) => group === id);
      for (const table of new Set(coming.map((move) => move.table))) {
        const wanted = coming.filter((move) => move.table === table).map(({ slot }) => slot);
        for (const address of servers) {
          const held = await cluster.node(address).slots(wanted, table);
          const missing = wanted.filter((slot) => !held.has(slot));
          if (missing.length === 0) continue;
          const chunk = missing.slice(0, serves ? perCommand.busyNode : perCommand.idleNode);
          await create(context, cluster.node(address), chunk, table);
          left += missing.length - chunk.length;
          busy ||= serves;
        }
      }
    }
    if (left === 0) return null;
    const pollAfterMs = busy ? busyPauseMs : 0;
    return wait(
      'creating-slots',
      `${left} slots are still to be created on the nodes that will get them`,
      pollAfterMs,
      { left },
    );
  }
}

async function create(
  context: RebalanceContext,
  node: PikaNode,
  slots: readonly number[],
  table: number,
): Promise<void> {
  const name = `created ${node.address} ${table}`;
  const before = context.facts[name];
  const known = typeof before === 'string' && before !== '' ? parseSlots(before) : [];
  await context.command(
    {
      target: `pika ${node.address}`,
      action: `create slots ${formatSlots(slots)}${table === 0 ? '' : ` of table ${table}`}`,
      send: (gate) => node.addSlots(slots, table, gate),
    },
    { facts: { [name]: formatSlots([...new Set([...known, ...slots])].sort((a, b) => a - b)) } },
  );
}

async function remove(
  context: RebalanceContext,
  node: PikaNode,
  slots: readonly number[],
  table: number,
): Promise<void> {
  await context.command({
    target: `pika ${node.address}`,
    action: `delete slots ${formatSlots(slots)} again`,
    send: (gate) => node.deleteSlots(slots, table, gate),
  });
}
