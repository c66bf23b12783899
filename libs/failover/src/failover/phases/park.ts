import type { OpenCluster } from '@slotferry/inventory';
import { done, type Outcome, type WorkflowSummary } from '@slotferry/workflow';
import { fact, type FailoverContext, asJson, keep } from '../facts';
import { FailoverPhase } from '../failover-phase';
import { neighbours, steerNeighbour, unpark, untilUnguarded } from '../parking';
import { type SlotsFact, writeSlots } from '../../slots/slots-fact';

/** Pauses what else works on the group, so that nobody detaches, attaches or holds while its master is replaced. */
export class Park extends FailoverPhase {
  readonly name = 'park';

  async undo(context: FailoverContext): Promise<Outcome> {
    await unpark(context, this.parts.engine, fact(context, 'parked') ?? []);
    return done();
  }

  protected async work(context: FailoverContext, cluster: OpenCluster): Promise<Outcome> {
    const { engine } = this.parts;
    const found = await neighbours(context, engine);
    if (found.length === 0) return done({ parked: 0 });
    // Those that an operator has paused stay paused afterwards; whoever was listed by an earlier attempt is ours.
    const own = found.filter(({ status }) => status !== 'paused').map(({ id }) => id);
    const parked = [...new Set([...(fact(context, 'parked') ?? []), ...own])];
    await context.persist({ facts: asJson({ parked }) });
    const reason = `failover ${context.workflowId}`;
    await Promise.all(parked.map((id) => steerNeighbour(context, engine, id, { kind: 'pause', reason })));
    const busy = await untilUnguarded(
      context,
      engine,
      found.map(({ id }) => id),
    );
    if (busy.length > 0) context.step('went on while others may hold clients', [...busy]);
    keep(context, { movingOut: await this.copiesElsewhere(context, cluster, found) });
    return done({ parked: parked.length });
  }

  /** Masters that slots of the group are moved to hold copies of them. */
  private async copiesElsewhere(
    context: FailoverContext,
    cluster: OpenCluster,
    found: readonly WorkflowSummary[],
  ): Promise<{ readonly [master: string]: SlotsFact }> {
    const moves = found.flatMap(({ workflow, input }) => {
      const { from, to, table, slot } = input as { readonly [key: string]: unknown };
      if (workflow !== 'move-slot' || from !== context.input.group) return [];
      return [{ to: Number(to), ref: { table: Number(table), slot: Number(slot) } }];
    });
    if (moves.length === 0) return {};
    const { groups } = await cluster.router.view();
    return Object.fromEntries(
      [...new Set(moves.map(({ to }) => to))].flatMap((to) => {
        const master = groups.find(({ id }) => id === to)?.servers[0];
        const refs = moves.filter((move) => move.to === to).map(({ ref }) => ref);
        return master === undefined ? [] : [[master, writeSlots(refs)] as const];
      }),
    );
  }
}
