import type { OpenCluster } from '@slotferry/inventory';
import { done, type Outcome } from '@slotferry/workflow';
import { endEarly } from '../end-early';
import { fact, type FailoverContext } from '../facts';
import { FailoverPhase } from '../failover-phase';
import { winnerOf } from '../hold-election';
import { probeMaster } from '../master-probe';
import { takeOver } from '../take-over';
import { timing } from '../timing';

/** Makes the winner a master by its own word: the point of no return. */
export class Promote extends FailoverPhase {
  readonly name = 'promote';

  protected async work(context: FailoverContext, cluster: OpenCluster): Promise<Outcome> {
    const { master } = context.input;
    if (
      !context.state.committed &&
      this.isOld(context) &&
      (await probeMaster(cluster, master)) === 'answers'
    ) {
      return endEarly(context, this.parts.memory, 'master-is-back', `${master} answers data commands again`);
    }
    return (await takeOver(context, cluster, this.parts.memory)) ?? done({ master: winnerOf(context) });
  }

  /** Converging, or an operator, can have taken a while since the master was asked. */
  private isOld(context: FailoverContext): boolean {
    return context.now() - (fact(context, 'masterProbedAt') ?? 0) > timing.probeFresh;
  }
}
