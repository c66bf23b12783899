import type { SlotRef } from '@slotferry/cluster';
import { type Outcome, wait } from '@slotferry/workflow';
import { block } from '../../outcomes';
import { describeSlots, keyOf } from '../../slots/slot-lists';
import type { RejoinContext, RejoinScene } from '../rejoin-scene';
import type { RejoinProgress } from './drive-rejoin';

/** An operator's word that a copy which has changed since it was measured may be replaced. Also the code of that block. */
const changedApproval = 'copy-changed';
/** The same for a copy that was found different from its master's in the end. */
export const differApproval = 'copies-differ';
const changedFact = 'changed';
const differingFact = 'differing';

/** First look after so many ms; later ones at longer intervals. Slots wait for their turn: the next one shall not wait for a look. */
const pollMs = { first: 50, last: 250 };

/** Slots whose copies an operator has given up, of those that were shown to him. */
export function givenUp(context: RejoinContext): (ref: SlotRef) => boolean {
  const shown = [
    ...(context.approved(changedApproval) ? listed(context, changedFact) : []),
    ...(context.approved(differApproval) ? listed(context, differingFact) : []),
  ];
  const keys = new Set(shown);
  return (ref) => keys.has(keyOf(ref));
}

export function recordDiffering(context: RejoinContext, slots: readonly SlotRef[]): void {
  context.record({ [differingFact]: slots.map(keyOf) });
}

/** What a phase says that waits for attachments, or null when all are ready. */
export function rejoinOutcome(
  context: RejoinContext,
  { node, master }: RejoinScene,
  progress: RejoinProgress,
): Outcome | null {
  const { waitsFor, refused, ready, total, lag } = progress;
  if (waitsFor) {
    const poll = Math.min(pollMs.last, Math.max(pollMs.first, context.elapsedMs() / 20));
    return wait(waitsFor.code, waitsFor.message, poll, { ready, total, lag });
  }
  const lacking = refused.filter(({ code }) => code === 'master-lacks-slot').map(({ ref }) => ref);
  const changed = refused.filter(({ code }) => code === 'copy-changed');
  if (changed[0]) {
    const slots = changed.map(({ ref }) => ref);
    context.record({ [changedFact]: slots.map(keyOf) });
    return block(
      changedApproval,
      `${changed[0].message}. Attached plainly, ${describeSlots(slots)} could look healthy and stay different for ever`,
      `Find out who writes to ${node.address} and what is needed of it; then let the copies be replaced: slotferry workflow approve <id> --code ${changedApproval}`,
    );
  }
  if (lacking.length === 0) return null;
  return block(
    'master-lacks-slot',
    `${master.address} does not hold ${describeSlots(lacking)}, which the router sends to it; ${node.address} keeps its copies`,
    `Asked for a full copy of a slot that it lacks, a master crashes, so nothing is attached. Find out where the data is: promote the node that holds it, or create the slots on ${master.address}; this goes on by itself afterwards.`,
  );
}

function listed(context: RejoinContext, fact: string): string[] {
  const keys = context.facts[fact];
  return Array.isArray(keys) ? keys.map(String) : [];
}
