import type { OpenCluster } from '@slotferry/inventory';
import { done, type JsonObject, type Outcome } from '@slotferry/workflow';
import { enableHandovers } from '../clear-handovers';
import { fact, type FailoverContext } from '../facts';
import { FailoverPhase } from '../failover-phase';
import { neighbours, steerNeighbour, unpark } from '../parking';

/** Tells the workflows that work on the group who its master is now, and lets those go on that this failover has paused. */
export class Release extends FailoverPhase {
  readonly name = 'release';

  protected override get runsWhenEnded(): boolean {
    return true;
  }

  protected async work(context: FailoverContext, cluster: OpenCluster): Promise<Outcome> {
    await enableHandovers(context, cluster);
    const winner = fact(context, 'election')?.winner;
    if (winner !== undefined && !fact(context, 'ended')) await this.announce(context, winner);
    const parked = fact(context, 'parked') ?? [];
    await unpark(context, this.parts.engine, parked);
    return done({ released: parked.length });
  }

  /** Also those that were started meanwhile, or that an operator had paused before. */
  private async announce(context: FailoverContext, winner: string): Promise<void> {
    const { engine } = this.parts;
    const { group } = context.input;
    const reason = `failover ${context.workflowId}`;
    await Promise.all(
      (await neighbours(context, engine)).map(async ({ id }) => {
        const { settings } = await engine.get(id);
        const known = (settings['masters'] ?? {}) as JsonObject;
        if (known[String(group)] === winner) return;
        const masters = { ...known, [String(group)]: winner };
        await steerNeighbour(context, engine, id, { kind: 'change', settings: { masters }, reason });
      }),
    );
  }
}
