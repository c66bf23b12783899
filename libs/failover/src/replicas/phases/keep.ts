import type { SlotRef } from '@slotferry/cluster';
import { PikaError } from '@slotferry/pika';
import { done, type Json, type Outcome, wait } from '@slotferry/workflow';
import { join } from 'node:path';
import { block } from '../../outcomes';
import { describeSlots, keyOf } from '../../slots/slot-lists';
import { type ExportResult, exportSlot } from '../export/export-slot';
import { type DivergedCopy, requirePlan } from '../rejoin-plan';
import { lookAtSlots } from '../../slots/look-at-slots';
import type { RejoinContext, RejoinScene } from '../rejoin-scene';
import { RejoinPhase } from './rejoin-phase';

/** An operator's word that writes which only the node holds may be discarded. Also the code of the block that asks for it. */
export const discardApproval = 'writes-would-be-discarded';

/** How long one attempt exports before it lets others look at the workflow, in milliseconds. */
const attemptMs = 10_000;
const toldFact = 'discard told';

/** Before anything is discarded, what only the node holds is written to files, or an operator is asked, as the cluster's policy says. */
export class RejoinKeep extends RejoinPhase {
  readonly name = 'keep';

  protected async work(context: RejoinContext, scene: RejoinScene): Promise<Outcome> {
    const { diverged } = requirePlan(context);
    if (diverged.length === 0) return done();
    const outcome = await this.keep(context, scene, diverged);
    if (outcome) return outcome;
    await this.tell(context, scene, diverged);
    return done({ slots: diverged.length, files: filesOf(context, diverged).length });
  }

  /** Null when nothing speaks against discarding any more. */
  private async keep(
    context: RejoinContext,
    scene: RejoinScene,
    diverged: readonly DivergedCopy[],
  ): Promise<Outcome | null> {
    const { discard } = scene.cluster.definition.failover;
    if (discard === 'discard' || context.approved(discardApproval)) return null;
    if (discard === 'keep') return ask(scene, diverged, 'The policy of the cluster is to keep them');
    const others = diverged.filter(({ table }) => table !== 0);
    if (others.length > 0) return ask(scene, others, 'Keys of tables other than 0 cannot be listed');
    return (await this.standStill(context, scene, diverged)) ?? this.export(context, scene, diverged);
  }

  /** A copy that still follows its master would change while it is read. */
  private async standStill(
    context: RejoinContext,
    { node, slots }: RejoinScene,
    diverged: readonly DivergedCopy[],
  ): Promise<Outcome | null> {
    const looks = await lookAtSlots(node, slots);
    const following = diverged.filter((copy) => looks.get(keyOf(copy))?.following);
    for (const table of new Set(following.map((copy) => copy.table))) {
      const ofTable = following.filter((copy) => copy.table === table);
      const numbers = ofTable.map(({ slot }) => slot);
      await context.command({
        target: `pika ${node.address}`,
        action: `detach ${describeSlots(ofTable)}`,
        send: (gate) => node.detach(numbers, table, gate),
      });
    }
    return following.length === 0 ? null : wait('detaching', `${describeSlots(following)} are detached`, 0);
  }

  private async export(
    context: RejoinContext,
    scene: RejoinScene,
    diverged: readonly DivergedCopy[],
  ): Promise<Outcome | null> {
    const startedAt = performance.now();
    for (const copy of diverged) {
      if (context.facts[exportedFact(copy)] !== undefined) continue;
      if (performance.now() - startedAt > attemptMs) {
        const ready = diverged.filter((one) => context.facts[exportedFact(one)] !== undefined).length;
        const progress = { ready, total: diverged.length };
        return wait('exporting', `${ready} of ${diverged.length} slots are exported`, 0, progress);
      }
      const result = await this.exportOne(context, scene, copy);
      if (result === null) return ask(scene, [copy], `${scene.node.address} cannot list the keys of a slot`);
      context.record({ [exportedFact(copy)]: result });
      context.step('slot-exported', { ...refOf(copy), ...result });
      await context.persist();
    }
    return null;
  }

  /** Null where the version of the node cannot list the keys of a slot. */
  private async exportOne(
    context: RejoinContext,
    { cluster, node, master }: RejoinScene,
    { slot }: DivergedCopy,
  ): Promise<ExportResult | null> {
    const folder = join(this.parts.dataDir, 'discarded', cluster.definition.name);
    const file = join(folder, `${context.workflowId}-${slot}.ndjson`);
    try {
      return await exportSlot({ node, master, slot, file, signal: context.signal });
    } catch (error) {
      if (error instanceof PikaError && (error.code === 'unsupported' || error.code === 'syntax'))
        return null;
      throw error;
    }
  }

  private async tell(
    context: RejoinContext,
    { cluster, group, node }: RejoinScene,
    diverged: readonly DivergedCopy[],
  ): Promise<void> {
    if (context.facts[toldFact] === true) return;
    const list = describeSlots(diverged);
    const details: { [key: string]: Json } = {
      node: node.address,
      slots: list,
      bytes: bytesOf(diverged),
      files: filesOf(context, diverged),
    };
    await this.parts.memory.addHistory(cluster.definition.name, {
      at: context.now(),
      group,
      kind: 'decision',
      code: 'writes-discarded',
      message: `writes that only ${node.address} holds in ${list} are discarded`,
      workflow: context.workflowId,
      details,
    });
    context.record({ [toldFact]: true });
  }
}

function ask({ node, master }: RejoinScene, copies: readonly DivergedCopy[], why: string): Outcome {
  const bytes = bytesOf(copies);
  const extent = bytes === null ? 'writes of unknown extent' : `${bytes} bytes of writes`;
  return block(
    discardApproval,
    `${node.address} holds ${extent} that ${master.address} lacks, in ${describeSlots(copies)}: ${copies[0]?.why ?? ''}. ${why}`,
    `Read there what is needed; then let them be replaced by full copies: slotferry workflow approve <id> --code ${discardApproval}`,
  );
}

function bytesOf(copies: readonly DivergedCopy[]): number | null {
  return copies.reduce<number | null>(
    (sum, { bytes }) => (sum === null || bytes === null ? null : sum + bytes),
    0,
  );
}

/** What an export came to, one fact a slot: all of them together would be stored anew with every slot. */
function exportedFact(ref: SlotRef): string {
  return `exported ${keyOf(ref)}`;
}

function filesOf(context: RejoinContext, diverged: readonly DivergedCopy[]): string[] {
  return diverged.flatMap((copy) => {
    const result = context.facts[exportedFact(copy)] as ExportResult | undefined;
    return result?.file ? [result.file] : [];
  });
}

function refOf({ table, slot }: SlotRef): { table: number; slot: number } {
  return { table, slot };
}
