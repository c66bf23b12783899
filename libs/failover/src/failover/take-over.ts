import { policyOf, type SlotRef } from '@slotferry/cluster';
import type { OpenCluster } from '@slotferry/inventory';
import type { PikaNode } from '@slotferry/pika';
import { sleep, systemClock, withTimeout } from '@slotferry/platform';
import { type Outcome, wait } from '@slotferry/workflow';
import type { FailoverMemory, SlotPositions } from '../store/types';
import { converge, isGone } from './converge';
import { asJson, fact, type FailoverContext, keep, requiredFact } from './facts';
import { electAnew, winnerOf } from './hold-election';
import { type Copies, lookAtCopies, positionsOf } from '../slots/copies';
import { byTable, describeSlots } from '../slots/slot-lists';
import { readSlots } from '../slots/slots-fact';
import { timing } from './timing';

/**
 * Makes the winner the master of its slots, by its own word, and records where they stand: what a returning copy has beyond that was never
 * replicated. A winner that died meanwhile is replaced. Null when it is done; else what to wait for.
 */
export async function takeOver(
  context: FailoverContext,
  cluster: OpenCluster,
  memory: FailoverMemory,
): Promise<Outcome | null> {
  const slots = readSlots(requiredFact(context, 'slots'));
  const present = await lookAtWinner(cluster, winnerOf(context), slots);
  if (typeof present === 'string') {
    return (
      waitForServing(context, cluster, present) ?? (await replaceWinner(context, cluster, memory, present))
    );
  }
  if ((fact(context, 'winnerSilentSince') ?? 0) > 0) keep(context, { winnerSilentSince: 0 });
  const winner = cluster.node(winnerOf(context));
  const isOurs = fact(context, 'promoted') === winner.address;
  if (isOurs && slots.every((ref) => isMaster(present, ref))) return null;
  const positions = await detach(context, winner, slots);
  if (!positions) {
    return wait(
      'detaching',
      `${winner.address} still follows another node with some of its slots`,
      timing.hotPoll,
    );
  }
  // Detached anew, it has begun no other history: nobody was sent to it in between.
  if (!isOurs) await recordPromotion(context, memory, winner.address, positions);
  return null;
}

/**
 * A winner to whom clients may have been sent can hold writes that nobody else has: it is given up no sooner than the master that it replaces
 * was, after the down-after time. Null when it may be given up.
 */
function waitForServing(context: FailoverContext, { definition }: OpenCluster, why: string): Outcome | null {
  const winner = winnerOf(context);
  const mayServe = fact(context, 'redirected') === winner || fact(context, 'promotionAsked') === winner;
  if (!mayServe) return null;
  const silentSince = fact(context, 'winnerSilentSince') || context.now();
  keep(context, { winnerSilentSince: silentSince });
  const { downAfterMs } = policyOf(definition.failover, context.input.group);
  if (context.now() - silentSince >= downAfterMs) return null;
  return wait(
    'new-master-silent',
    `clients may have been sent to ${winner}, and it does not answer: ${why}`,
    timing.retry,
  );
}

async function replaceWinner(
  context: FailoverContext,
  cluster: OpenCluster,
  memory: FailoverMemory,
  why: string,
): Promise<Outcome | null> {
  context.step(`lost ${winnerOf(context)}, held the election again`, { why });
  const outcome = (await electAnew(context, cluster, memory)) ?? (await converge(context, cluster, memory));
  if (outcome) return outcome;
  // Once an attempt: whoever wins now is looked at when this one comes again.
  return wait('winner-replaced', `${winnerOf(context)} has been elected instead: ${why}`, timing.hotPoll);
}

/** The winner's slots, or why it cannot be the master. */
async function lookAtWinner(
  cluster: OpenCluster,
  address: string,
  slots: readonly SlotRef[],
): Promise<Copies | string> {
  const looking = withTimeout(
    lookAtCopies(cluster.node(address), byTable(slots)),
    timing.nodeLook,
    `the slots of ${address}`,
  );
  const copies = await looking.catch((error: unknown) => {
    if (!isGone(error)) throw error;
    return error.message;
  });
  if (typeof copies === 'string') return copies;
  const missing = slots.filter((ref) => !copies.of(ref));
  return missing.length === 0 ? copies : `${address} does not hold ${describeSlots(missing)} any more`;
}

/** One command for each table, then its own word for it. Null when it does not give that in time. */
async function detach(
  context: FailoverContext,
  winner: PikaNode,
  slots: readonly SlotRef[],
): Promise<SlotPositions | null> {
  const tables = byTable(slots);
  for (const { table, slots: ids } of tables) {
    await context.command(
      {
        target: `pika ${winner.address}`,
        action: `detach ${describeSlots(ids.map((slot) => ({ table, slot })))}`,
        send: (gate) => winner.detach(ids, table, gate),
      },
      { pointOfNoReturn: `${winner.address} becomes a master`, facts: asJson({ detaching: winner.address }) },
    );
  }
  const deadline = systemClock.monotonicMs() + timing.detachLimit;
  for (;;) {
    const copies = await lookAtCopies(winner, tables);
    if (slots.every((ref) => isMaster(copies, ref))) return positionsOf(copies, tables);
    if (systemClock.monotonicMs() > deadline) return null;
    await sleep(timing.hotPoll, context.signal);
  }
}

function isMaster(copies: Copies, ref: SlotRef): boolean {
  return copies.of(ref)?.following === null;
}

async function recordPromotion(
  context: FailoverContext,
  memory: FailoverMemory,
  newMaster: string,
  positions: SlotPositions,
): Promise<void> {
  const { cluster, group, master: oldMaster } = context.input;
  const at = context.now();
  await memory.recordPromotion(cluster, group, {
    workflow: context.workflowId,
    at,
    oldMaster,
    newMaster,
    positions,
  });
  keep(context, { promoted: newMaster, promotedAt: at });
  context.step(`${newMaster} is the master of its slots`);
}
