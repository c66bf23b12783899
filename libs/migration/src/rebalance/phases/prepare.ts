import { type RouterView, type SlotMove } from '@slotferry/cluster';
import { CodisError } from '@slotferry/codis';
import type { OpenCluster } from '@slotferry/inventory';
import { done, type Outcome, wait } from '@slotferry/workflow';
import { block } from '../../outcomes';
import { describeDrift, findDrift, queuedByOthers } from '../drift';
import { withChanges } from '../limits';
import { movesOf, recordAlreadyThere, type RebalanceContext, RebalancePhase } from '../rebalance-phase';
import { tidyRouter } from '../tidy-router';
import { outsideWindows } from '../window-outcome';
import { isOpen, opensAt } from '../windows';
import { createSlots, removeUnused } from '../unused-slots';

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
    const queued = context.input.adopt ? queuedByOthers(drift) : [];
    if (queued.length > 0 && queued.length === drift.length) return this.adopt(context, cluster, queued);
    if (drift.length > 0) {
      return block(
        'plan-drifted',
        `the cluster is not as it was planned for: ${describeDrift(drift)}`,
        'Cancel this rebalance and plan anew.',
      );
    }
    const { windows = [] } = withChanges(context.input.limits, context.state.settings);
    if (!isOpen(windows, context.now())) return outsideWindows(opensAt(windows, context.now()));
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

  /** All moves have ended by now: some are made, the others undone. */
  protected async takeBack(context: RebalanceContext, cluster: OpenCluster): Promise<Outcome> {
    await removeUnused(context, cluster);
    return (await tidyRouter(context, cluster)) ?? done();
  }

  /** Takes slots out of the router's queue that another tool put there. */
  private async adopt(
    context: RebalanceContext,
    { router }: OpenCluster,
    queued: readonly SlotMove[],
  ): Promise<Outcome> {
    for (const { table, slot } of queued) {
      const withdrawn = context.command({
        target: `${router.kind} ${router.address}`,
        action: `withdraw the handover of slot ${slot} that somebody else queued`,
        send: (gate) => router.withdrawHandover({ table, slot }, gate),
      });
      await withdrawn.catch((error: unknown) => {
        // It is gone already, or the router has begun with it: the next look tells.
        const isOver =
          error instanceof CodisError && ['no-action', 'action-not-pending'].includes(error.code);
        if (!isOver) throw error;
      });
    }
    return wait('adopting', `${queued.length} slots were taken out of the router's queue`, 0);
  }

  private async createMissing(
    context: RebalanceContext,
    cluster: OpenCluster,
    view: RouterView,
    moves: readonly SlotMove[],
  ): Promise<Outcome | null> {
    const nodes = view.groups.flatMap(({ id, servers }) => {
      const coming = moves.filter(({ to }) => to === id);
      const serves = view.routes.some(({ group }) => group === id);
      return [...new Set(coming.map(({ table }) => table))].flatMap((table) => {
        const wanted = coming.filter((move) => move.table === table).map(({ slot }) => slot);
        return servers.map((address) => ({ node: cluster.node(address), table, wanted, serves }));
      });
    });
    // One command per node at a time, all nodes at once.
    const rests = await Promise.all(
      nodes.map(async ({ node, table, wanted, serves }) => {
        const held = await node.slots(wanted, table);
        const missing = wanted.filter((slot) => !held.has(slot));
        const chunk = missing.slice(0, serves ? perCommand.busyNode : perCommand.idleNode);
        if (chunk.length > 0) await createSlots(context, node, chunk, table);
        return { left: missing.length - chunk.length, busy: serves && missing.length > 0 };
      }),
    );
    const left = rests.reduce((sum, one) => sum + one.left, 0);
    const busy = rests.some((one) => one.busy);
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
