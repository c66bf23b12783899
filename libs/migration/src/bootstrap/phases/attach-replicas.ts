import type { OpenCluster } from '@slotferry/inventory';
import { done, type Outcome } from '@slotferry/workflow';
import { attachmentOutcome } from '../../attachment/attachment-outcome';
import { driveAttachment } from '../../attachment/drive-attachment';
import { type BootstrapContext, BootstrapPhase } from '../bootstrap-phase';
import { slotsToHold } from '../nodes';

/** An operator's word that copies found on replicas may be thrown away. */
const discardApproval = 'replica-holds-copy';

/** Attaches every replica to its master, until each has all that the master had. */
export class BootstrapAttachReplicas extends BootstrapPhase {
  readonly name = 'attach-replicas';

  protected async work(context: BootstrapContext, cluster: OpenCluster): Promise<Outcome> {
    const todo = slotsToHold(cluster, await cluster.router.view());
    let waiting: Outcome | null = null;
    for (const { master, replicas, table, slots } of todo.filter((one) => one.slots.length > 0)) {
      for (const replica of replicas) {
        const progress = await driveAttachment(context, {
          follower: cluster.node(replica),
          master: cluster.node(master),
          table,
          slots,
          mayDiscard: () => false,
          discardApproved: context.approved(discardApproval),
        });
        const outcome = attachmentOutcome(context, progress, discardApproval);
        if (outcome?.kind === 'blocked') return outcome;
        waiting ??= outcome;
      }
    }
    return waiting ?? done();
  }
}
