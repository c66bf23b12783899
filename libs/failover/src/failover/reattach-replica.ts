import type { SlotRef } from '@slotferry/cluster';
import type { OpenCluster } from '@slotferry/inventory';
import type { PikaNode } from '@slotferry/pika';
import { withTimeout } from '@slotferry/platform';
import type { SlotPositions } from '../store/types';
import { asJson, fact, type FailoverContext, requiredFact } from './facts';
import { winnerOf } from './hold-election';
import { lookAtSlots } from '../slots/look-at-slots';
import { planReattach, type ReattachStep } from './plan-reattach';
import { byTable, describeSlots, keyOf } from '../slots/slot-lists';
import { readSlots } from '../slots/slots-fact';
import { timing } from './timing';

/** How far one replica is. */
export interface Reattached {
  /** True while something was sent, or is on its way. */
  readonly busy: boolean;
  /** Slots that follow the new master. */
  readonly follows: number;
  /** Why others do not and will not, one sentence a reason. */
  readonly left: readonly string[];
}

/** One look at a replica and the new master, and the next command for it. Throws PikaError, TimeLimitError. */
export async function reattachReplica(
  context: FailoverContext,
  cluster: OpenCluster,
  replica: PikaNode,
  promotedAt: SlotPositions,
): Promise<Reattached> {
  const slots = readSlots(requiredFact(context, 'slots'));
  const servers = requiredFact(context, 'servers');
  const winner = cluster.node(winnerOf(context));
  const [own, atMaster] = await Promise.all(
    [replica, winner].map((node) =>
      withTimeout(lookAtSlots(node, slots), timing.nodeLook, `the slots of ${node.address}`),
    ),
  );
  const isOurs = (fact(context, 'loosened') ?? []).includes(replica.address);
  const steps = slots.map((ref) => {
    const master = {
      address: winner.address,
      promotedAt: promotedAt.get(ref.table)?.get(ref.slot) ?? null,
      holdsSlot: atMaster?.has(keyOf(ref)) === true,
    };
    return { ref, step: planReattach(own?.get(keyOf(ref)) ?? null, master, servers, isOurs) };
  });
  const chosen = (kind: ReattachStep['kind']): SlotRef[] =>
    steps.filter(({ step }) => step.kind === kind).map(({ ref }) => ref);
  await detach(context, replica, chosen('detach'));
  await attach(context, replica, winner.address, chosen('attach'));
  const busy = steps.some(({ step }) => ['detach', 'attach', 'wait'].includes(step.kind));
  return { busy, follows: chosen('follows').length, left: reasons(steps) };
}

async function detach(context: FailoverContext, replica: PikaNode, refs: readonly SlotRef[]): Promise<void> {
  if (refs.length === 0) return;
  const loosened = [...new Set([...(fact(context, 'loosened') ?? []), replica.address])];
  for (const { table, slots } of byTable(refs)) {
    await context.command(
      {
        target: `pika ${replica.address}`,
        action: `detach ${describeSlots(slots.map((slot) => ({ table, slot })))}`,
        send: (gate) => replica.detach(slots, table, gate),
      },
      { facts: asJson({ loosened }) },
    );
  }
}

async function attach(
  context: FailoverContext,
  replica: PikaNode,
  master: string,
  refs: readonly SlotRef[],
): Promise<void> {
  for (const { table, slots } of byTable(refs)) {
    await context.command({
      target: `pika ${replica.address}`,
      action: `attach ${describeSlots(slots.map((slot) => ({ table, slot })))} to ${master}`,
      send: (gate) => replica.attach({ master, slots, table }, gate),
    });
  }
}

function reasons(steps: readonly { readonly ref: SlotRef; readonly step: ReattachStep }[]): string[] {
  const byReason = new Map<string, SlotRef[]>();
  for (const { ref, step } of steps) {
    if (step.kind === 'leave') byReason.set(step.why, [...(byReason.get(step.why) ?? []), ref]);
  }
  return [...byReason].map(([why, refs]) => `${describeSlots(refs)}: ${why}`);
}
