import { judgeAttachment, markOf, parsePosition, type SlotRef } from '@slotferry/cluster';
import type { SlotInfo } from '@slotferry/pika';
import { keyOf } from '../../slots/slot-lists';
import { isDiverged, requirePlan } from '../rejoin-plan';
import { lookAtSlots } from '../../slots/look-at-slots';
import type { RejoinContext, RejoinScene } from '../rejoin-scene';
import { type AttachMemory, recallAttachments, rememberAttachments } from './attach-memory';
import { planStep, type RejoinRefusal, type RejoinStep } from './plan-step';
import { type Planned, sendSteps } from './send-steps';

/** How one look and its commands went. */
export interface RejoinProgress {
  readonly ready: number;
  readonly total: number;
  /** Largest lag among those that are ready, in bytes. */
  readonly lag: number;
  /** What is waited for, or null when nothing is under way. */
  readonly waitsFor: { readonly code: string; readonly message: string } | null;
  readonly refused: readonly {
    readonly ref: SlotRef;
    readonly code: RejoinRefusal;
    readonly message: string;
  }[];
}

/**
 * Looks at all slots of the node and its master, and sends what is missing, a bounded number of changes at a time. Call it again until
 * all are ready. `givenUp`: slots whose copies an operator has given up.
 */
export async function driveRejoin(
  context: RejoinContext,
  scene: RejoinScene,
  givenUp: (ref: SlotRef) => boolean,
): Promise<RejoinProgress> {
  const [atNode, atMaster] = await Promise.all([
    lookAtSlots(scene.node, scene.slots),
    lookAtSlots(scene.master, scene.slots),
  ]);
  const memory = recallAttachments(context);
  const plan = planning(context, scene, memory, givenUp);
  const steps = scene.slots.map((ref) => {
    const key = keyOf(ref);
    return { ref, step: plan(ref, atNode.get(key) ?? null, atMaster.get(key) ?? null) };
  });
  rememberAttachments(context, memory);
  const sent = await sendSteps(context, scene, steps, memory);
  return progressOf(steps, sent);
}

function planning(
  context: RejoinContext,
  { node, master }: RejoinScene,
  memory: AttachMemory,
  givenUp: (ref: SlotRef) => boolean,
) {
  const plan = requirePlan(context);
  const diverged = isDiverged(plan);
  const now = context.now();
  const { marks, waiting, met } = memory;

  return (ref: SlotRef, own: SlotInfo | null, atMaster: SlotInfo | null): RejoinStep => {
    const key = keyOf(ref);
    const attachment = judgeAttachment(
      { address: node.address, info: own },
      { address: master.address, info: atMaster },
      marks.get(key) ?? null,
      now,
    );
    if (attachment.kind === 'hollow') memory.replace.add(key);
    if (attachment.kind !== 'following') met.delete(key);
    else if (attachment.met) met.add(key);
    if (attachment.kind !== 'following' || met.has(key)) marks.delete(key);
    else if (own && atMaster && !marks.has(key)) marks.set(key, markOf(own, atMaster, now));
    if (own?.following?.status !== 'kWaitReply') waiting.delete(key);
    else if (!waiting.has(key)) waiting.set(key, now);
    const stood = plan.stood[key];
    return planStep(
      attachment,
      { node: node.address, master: master.address, slot: String(ref.slot) },
      {
        replace: diverged(ref) || memory.replace.has(key) || givenUp(ref),
        givenUp: givenUp(ref),
        forced: memory.forced.has(key),
        attached: memory.attached.has(key),
        met: met.has(key),
        stood: stood === undefined ? null : parsePosition(stood),
        masterPosition: atMaster?.position ?? null,
        waitingForMs: now - (waiting.get(key) ?? now),
      },
    );
  };
}

function progressOf(steps: readonly Planned[], sent: string | null): RejoinProgress {
  const lags = steps.flatMap(({ step }) => (step.kind === 'ready' ? [step.lag] : []));
  const refused = steps.flatMap(({ ref, step }) => (step.kind === 'refuse' ? [{ ref, ...step }] : []));
  const waits = steps.flatMap(({ step }) => (step.kind === 'wait' ? [step] : []));
  const isOpen = lags.length + refused.length < steps.length;
  const first = sent === null ? waits[0] : { code: 'attaching', message: sent };
  return {
    ready: lags.length,
    total: steps.length,
    lag: Math.max(0, ...lags),
    waitsFor: isOpen
      ? { code: first?.code ?? 'attaching', message: first?.message ?? 'slots wait for their turn' }
      : null,
    refused: refused.map(({ ref, code, message }) => ({ ref, code, message })),
  };
}
