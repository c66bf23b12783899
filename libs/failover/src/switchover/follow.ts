import {
  bytesBetween,
  comparePositions,
  isPositionZero,
  type SlotRef,
  type TableSlots,
} from '@slotferry/cluster';
import type { PikaNode } from '@slotferry/pika';
import type { SlotPositions } from '../store/types';
import { type Copies, lookAtCopies } from '../slots/copies';
import { byTable, describeSlots, refsOf } from '../slots/slot-lists';
import { judgeCopies, type LooseCopy } from './judge-copies';
import type { SwitchoverContext } from './stage';
import { timing } from './timing';

/** How far a node is with following another for all slots of a group. */
export interface FollowProgress {
  /** Slots that follow. */
  readonly following: number;
  readonly total: number;
  readonly lagBytes: number;
  /** Why not all follow yet, or null. */
  readonly waitsFor: string | null;
  /** Slots that may not be attached plainly, or cannot be. */
  readonly refused: readonly LooseCopy[];
  /** Bytes that the node's refused slots stand beyond what was agreed, all together. */
  readonly beyondBytes: number;
}

/**
 * Looks at a node and its master-to-be, and attaches plainly what does not follow yet: one command for each table. `history`: how
 * far the two agree; a copy that stands beyond it holds writes of its own, and attached plainly it would look healthy and be wrong.
 * Call it again until all follow. Throws PikaError.
 */
export async function driveFollower(
  context: SwitchoverContext,
  follower: PikaNode,
  master: PikaNode,
  slots: readonly TableSlots[],
  history: SlotPositions,
): Promise<FollowProgress> {
  const refs = refsOf(slots);
  const [atMaster, atFollower] = await Promise.all([
    lookAtCopies(master, slots),
    lookAtCopies(follower, slots),
  ]);
  const { loose, lagBytes } = judgeCopies(refs, atMaster, atFollower);
  const attachedAt = Number(context.facts[attachedFact(follower)] ?? 0);
  const replyIsOverdue = context.now() - attachedAt > timing.replyLimit;
  const steps = loose.map((one) => ({ one, step: planStep(one, atFollower, history, replyIsOverdue) }));
  const of = (kind: Step): LooseCopy[] => steps.filter(({ step }) => step === kind).map(({ one }) => one);
  await attach(context, follower, master, of('attach'));
  const refused = of('refuse');
  return {
    following: refs.length - loose.length,
    total: refs.length,
    lagBytes,
    waitsFor: [...of('attach'), ...of('wait')][0]?.message ?? null,
    refused,
    beyondBytes: refused.reduce((sum, { ref }) => sum + beyond(ref, atFollower, history), 0),
  };
}

type Step = 'attach' | 'wait' | 'refuse';

/** What to do with one slot that does not follow. */
export function planStep(
  { ref, code }: LooseCopy,
  follower: Copies,
  history: SlotPositions,
  replyIsOverdue: boolean,
): Step {
  switch (code) {
    case 'replica-detached':
    case 'replica-elsewhere':
      return isBeyond(ref, follower, history) ? 'refuse' : 'attach';
    case 'replica-connecting':
      // A reply comes at once or, when the master was away meanwhile, never.
      return follower.of(ref)?.following?.status === 'kWaitReply' && replyIsOverdue ? 'attach' : 'wait';
    case 'replica-in-full-copy':
    case 'master-follows':
      return 'wait';
    case 'replica-diverged':
    case 'replica-lacks-slot':
    case 'master-lacks-slot':
      return 'refuse';
  }
}

function isBeyond(ref: SlotRef, follower: Copies, history: SlotPositions): boolean {
  const position = follower.of(ref)?.position;
  const agreed = history.get(ref.table)?.get(ref.slot);
  if (!position || isPositionZero(position)) return false;
  return !agreed || comparePositions(position, agreed) > 0;
}

function beyond(ref: SlotRef, follower: Copies, history: SlotPositions): number {
  const position = follower.of(ref)?.position;
  const agreed = history.get(ref.table)?.get(ref.slot);
  return position && agreed ? Math.max(0, bytesBetween(agreed, position)) : 0;
}

async function attach(
  context: SwitchoverContext,
  follower: PikaNode,
  master: PikaNode,
  copies: readonly LooseCopy[],
): Promise<void> {
  for (const { table, slots } of byTable(copies.map(({ ref }) => ref))) {
    const name = describeSlots(slots.map((slot) => ({ table, slot })));
    await context.command(
      {
        target: `pika ${follower.address}`,
        action: `attach ${name} to ${master.address}`,
        send: (gate) => follower.attach({ master: master.address, slots, table }, gate),
      },
      { facts: { [attachedFact(follower)]: context.now() } },
    );
  }
}

function attachedFact({ address }: PikaNode): string {
  return `attached ${address}`;
}
