import { formatPosition, type SlotRef } from '@slotferry/cluster';
import type { SlotInfo } from '@slotferry/pika';
import { done, type Outcome } from '@slotferry/workflow';
import { followedBySlot } from '../following';
import { keyOf } from '../../slots/slot-lists';
import { lineageOf, sharedUpTo } from '../lineage';
import { type CopyMeasure, measureCopy } from '../measure-copy';
import { suspectsOf } from '../rejoin-input';
import { type DivergedCopy, recordPlan } from '../rejoin-plan';
import { lookAtSlots } from '../../slots/look-at-slots';
import type { RejoinContext, RejoinScene } from '../rejoin-scene';
import { RejoinPhase } from './rejoin-phase';

/** Compares every copy with the history of the master, and settles which are replaced and which go on from where they stand. */
export class RejoinMeasure extends RejoinPhase {
  readonly name = 'measure';

  protected async work(context: RejoinContext, scene: RejoinScene): Promise<Outcome> {
    // The node first: its copies stand still while they follow nobody, the master goes on.
    const atNode = await lookAtSlots(scene.node, scene.slots);
    const atMaster = await lookAtSlots(scene.master, scene.slots);
    const measure = await this.measuring(context, scene, atNode, atMaster);
    const measured = scene.slots.map((ref) => ({ ref, info: atNode.get(keyOf(ref)), measure: measure(ref) }));
    const diverged = measured.flatMap(({ ref, info, measure: one }): DivergedCopy[] => {
      if (one.kind !== 'diverged' || !info) return [];
      return [{ ...ref, position: formatPosition(info.position), bytes: one.bytes, why: one.why }];
    });
    const detached = [...atNode].filter(([, info]) => info.following === null);
    const stood = Object.fromEntries(detached.map(([key, info]) => [key, formatPosition(info.position)]));
    recordPlan(context, { diverged, stood });
    const count = (kind: CopyMeasure['kind']): number =>
      measured.filter((one) => one.measure.kind === kind).length;
    return done({
      diverged: count('diverged'),
      plain: count('plain'),
      following: count('follows'),
      missing: count('missing'),
      masterLacks: count('master-lacks-slot'),
    });
  }

  private async measuring(
    context: RejoinContext,
    { cluster, group, node, master }: RejoinScene,
    atNode: ReadonlyMap<string, SlotInfo>,
    atMaster: ReadonlyMap<string, SlotInfo>,
  ): Promise<(ref: SlotRef) => CopyMeasure> {
    const { name } = cluster.definition;
    const { memory } = this.parts;
    const [promotions, followed] = await Promise.all([
      memory.promotions(name, group),
      memory.followed(name, [node.address]),
    ]);
    const lineage = lineageOf(promotions, master.address);
    const followedOf = followedBySlot(followed.get(node.address) ?? []);
    const suspects = suspectsOf(context.input);
    const stood = (context.facts['stood'] ?? {}) as { readonly [slot: string]: string };
    return (ref) => {
      const key = keyOf(ref);
      const [copy, masterPosition] = [atNode.get(key) ?? null, atMaster.get(key)?.position ?? null];
      const origin = { node: node.address, followed: followedOf(ref.table, ref.slot) };
      const shared = masterPosition && sharedUpTo(lineage, origin, ref, masterPosition);
      const suspect = suspects.has(key);
      const measure = measureCopy({ master: master.address, copy, masterPosition, shared, suspect });
      const before = stood[key];
      const isWritten =
        copy?.following === null && before !== undefined && before !== formatPosition(copy.position);
      if (measure.kind !== 'plain' || !isWritten) return measure;
      return { kind: 'diverged', bytes: null, why: 'somebody writes to it' };
    };
  }
}
