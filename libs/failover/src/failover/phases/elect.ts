import type { OpenCluster } from '@slotferry/inventory';
import { done, type Outcome } from '@slotferry/workflow';
import { probeMaster } from '../master-probe';
import { endEarly } from '../end-early';
import { fact, type FailoverContext, keep } from '../facts';
import { FailoverPhase } from '../failover-phase';
import { electAnew, holdElection, winnerOf } from '../hold-election';

/** Elects the new master. Without one it waits for an operator, and looks again now and then: nodes can come back. */
export class Elect extends FailoverPhase {
  readonly name = 'elect';

  protected async work(context: FailoverContext, cluster: OpenCluster): Promise<Outcome> {
    if (fact(context, 'undecided') === undefined)
      return holdElection(context, cluster) ?? done({ winner: winnerOf(context) });
    const { master } = context.input;
    if ((await probeMaster(cluster, master)) === 'answers') {
      return endEarly(context, this.parts.memory, 'master-is-back', `${master} answers data commands again`);
    }
    keep(context, { masterProbedAt: context.now() });
    return (await electAnew(context, cluster, this.parts.memory)) ?? done({ winner: winnerOf(context) });
  }
}
