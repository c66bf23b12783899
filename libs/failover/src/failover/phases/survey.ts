import type { OpenCluster } from '@slotferry/inventory';
import { done, type Outcome } from '@slotferry/workflow';
import { type FailoverContext, keep } from '../facts';
import { FailoverPhase } from '../failover-phase';
import { takeStock } from '../survey/take-stock';

/** Looks what every other server of the group has. Changes nothing. */
export class Survey extends FailoverPhase {
  readonly name = 'survey';

  protected async work(context: FailoverContext, cluster: OpenCluster): Promise<Outcome> {
    const survey = await takeStock(context, cluster, this.parts.memory);
    keep(context, { survey });
    const { candidates } = survey;
    return done({
      looked: candidates.length,
      problems: candidates.flatMap(({ node, problem }) => (problem === null ? [] : [`${node}: ${problem}`])),
    });
  }
}
