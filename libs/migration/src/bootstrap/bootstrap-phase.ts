import type { OpenCluster } from '@slotferry/inventory';
import type { Outcome, Phase, PhaseContext } from '@slotferry/workflow';
import type { ClusterSource } from '@slotferry/inventory';
import type { BootstrapInput } from '../definitions';
import { tolerant } from '../outcomes';

export type BootstrapContext = PhaseContext<BootstrapInput>;

/** What the phases of a bootstrap have in common. None has an undo: what was set up stays, and running it again completes it. */
export abstract class BootstrapPhase implements Phase<BootstrapInput> {
  readonly workflow = 'bootstrap';
  abstract readonly name: string;

  constructor(private readonly clusters: ClusterSource) {}

  run(context: BootstrapContext): Promise<Outcome> {
    return tolerant(async () => this.work(context, await this.clusters.open(context.input.cluster)));
  }

  protected abstract work(context: BootstrapContext, cluster: OpenCluster): Promise<Outcome>;
}
