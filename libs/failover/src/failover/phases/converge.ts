import type { OpenCluster } from '@slotferry/inventory';
import { done, type Outcome } from '@slotferry/workflow';
import { converge } from '../converge';
import type { FailoverContext } from '../facts';
import { FailoverPhase } from '../failover-phase';
import { winnerOf } from '../hold-election';

/** Gives the winner what other copies have more of some slots. */
export class Converge extends FailoverPhase {
  readonly name = 'converge';

  protected async work(context: FailoverContext, cluster: OpenCluster): Promise<Outcome> {
    return (await converge(context, cluster, this.parts.memory)) ?? done({ winner: winnerOf(context) });
  }
}
