import {
  type AttachmentMark,
  formatPosition,
  formatSlots,
  judgeAttachment,
  markOf,
  parsePosition,
} from '@slotferry/cluster';
import type { PikaNode, SlotInfo } from '@slotferry/pika';
import type { Json, PhaseContext } from '@slotferry/workflow';
import { type AttachmentRefusal, type AttachmentStep, planAttachment } from './plan-attachment';

export interface Attaching {
  readonly follower: PikaNode;
  readonly master: PikaNode;
  readonly table: number;
  readonly slots: readonly number[];
  /** May the follower's copy of this slot be thrown away? */
  mayDiscard(slot: number): boolean;
  /** Has somebody approved that it is thrown away, whatever it holds? */
  readonly discardApproved: boolean;
  /** The master at the beginning of the chain, where that may be replaced while the work lasts: copies of another one are renewed. */
  readonly origin?: string;
  /** Nodes whose role went to others meanwhile; a slot that follows one is taken off. */
  readonly mayBeFollowed?: readonly string[];
}

/** How one look and its commands went. */
export interface AttachProgress {
  readonly ready: number;
  readonly total: number;
  /** Largest lag among those that follow, in bytes. */
  readonly lag: number;
  /** What is waited for, or null when all are ready. */
  readonly waitsFor: { readonly code: string; readonly message: string } | null;
  readonly refused: {
    readonly code: AttachmentRefusal;
    readonly message: string;
    readonly slots: number[];
  } | null;
}

/** What is remembered between looks, as a fact of the workflow. */
interface Memory {
  readonly marks: {
    readonly [slot: string]: { readonly master: string; readonly follower: string; readonly at: number };
  };
  readonly fullCopy: readonly number[];
  /** Since when each slot waits for the master's reply; wall clock milliseconds. */
  readonly waiting: { readonly [slot: string]: number };
  /** The master at the beginning of the chain when it was attached last. */
  readonly origin?: string;
}

/**
 * Looks at slots of one follower and its master, and sends what is missing: at most one command of each kind for all slots
 * together. Call it again until all are ready.
 */
export async function driveAttachment(context: PhaseContext, attaching: Attaching): Promise<AttachProgress> {
  const { follower, master, slots, table } = attaching;
  const now = context.now();
  const [atMaster, atFollower] = await Promise.all([
    master.slots(slots, table),
    follower.slots(slots, table),
  ]);
  const memory = recall(context, follower.address);
  const marks = new Map(Object.entries(memory.marks).map(([slot, mark]) => [Number(slot), readMark(mark)]));
  const waiting: Record<string, number> = {};
  const fromReplacedMaster = isFromReplacedMaster(memory, attaching);
  const steps = slots.map((slot) => {
    const [at, from] = [atFollower.get(slot) ?? null, atMaster.get(slot) ?? null];
    if (at?.following?.status === 'kWaitReply') waiting[slot] = memory.waiting[slot] ?? now;
    const attachment = judgeAttachment(
      { address: follower.address, info: at },
      { address: master.address, info: from },
      marks.get(slot) ?? null,
      now,
    );
    updateMark(marks, slot, attachment.kind === 'following' && !attachment.met ? [at, from] : null, now);
    const permissions = {
      mayDiscard: attaching.mayDiscard(slot) || attaching.discardApproved,
      fullCopyWanted: memory.fullCopy.includes(slot) || attaching.discardApproved,
      waitingForMs: now - (waiting[slot] ?? now),
      fromReplacedMaster,
      mayBeFollowed: attaching.mayBeFollowed ?? [],
    };
    return {
      slot,
      step: planAttachment(
        attachment,
        { follower: follower.address, master: master.address, slot },
        permissions,
      ),
    };
  });
  const chosen = (kind: AttachmentStep['kind']): number[] =>
    steps.filter(({ step }) => step.kind === kind).map(({ slot }) => slot);
  // What is asked again has its time anew.
  for (const slot of chosen('attach')) if (waiting[slot] !== undefined) waiting[slot] = now;
  const renewed = steps.flatMap(({ slot, step }) => (needsFullCopy(step, fromReplacedMaster) ? [slot] : []));
  const fullCopy = [...new Set([...memory.fullCopy, ...renewed])].filter((slot) => !isReady(steps, slot));
  const refused = steps.some(({ step }) => step.kind === 'refuse');
  remember(context, follower.address, memory, {
    marks: Object.fromEntries([...marks].map(([slot, mark]) => [String(slot), writeMark(mark)])),
    fullCopy,
    waiting,
    // What was refused is asked about again.
    origin: refused ? memory.origin : (attaching.origin ?? memory.origin),
  });
  await send(context, attaching, chosen);
  return progressOf(steps, [...chosen('attach'), ...chosen('attach-with-full-copy'), ...chosen('detach')]);
}

/** Somebody else attached the follower, at the end of a chain that began at `origin` then. */
export function noteOrigin(context: PhaseContext, follower: string, origin: string): void {
  remember(context, follower, recall(context, follower), { ...recall(context, follower), origin });
}

/** Will the follower's copy of the slot be, or is it being, replaced by a full one? Then nothing may follow the follower. */
export function awaitsFullCopy(
  context: PhaseContext,
  follower: string,
  slot: number,
  attaching: Pick<Attaching, 'origin' | 'mayBeFollowed'>,
): boolean {
  const memory = recall(context, follower);
  return memory.fullCopy.includes(slot) || isFromReplacedMaster(memory, attaching);
}

/** Logs that began before origins were noted tell it only by the fact that somebody was replaced. */
function isFromReplacedMaster(
  memory: Memory,
  { origin, mayBeFollowed = [] }: Pick<Attaching, 'origin' | 'mayBeFollowed'>,
): boolean {
  if (origin === undefined) return false;
  if (memory.origin === undefined) return mayBeFollowed.length > 0 && memory !== nothingYet;
  return memory.origin !== origin;
}

function needsFullCopy(step: AttachmentStep, fromReplacedMaster: boolean): boolean {
  if (step.kind === 'attach-with-full-copy') return true;
  if (step.kind === 'wait') return step.code === 'detaching';
  return step.kind === 'detach' && (step.why !== 'master-replaced' || fromReplacedMaster);
}

type Planned = readonly { readonly slot: number; readonly step: AttachmentStep }[];

function isReady(steps: Planned, slot: number): boolean {
  return steps.some((one) => one.slot === slot && one.step.kind === 'ready');
}

/** The mark is taken when a slot is first seen following, and dropped when it has met it or follows no more. */
function updateMark(
  marks: Map<number, AttachmentMark>,
  slot: number,
  seen: [SlotInfo | null, SlotInfo | null] | null,
  now: number,
): void {
  if (!seen?.[0] || !seen[1]) marks.delete(slot);
  else if (!marks.has(slot)) marks.set(slot, markOf(seen[0], seen[1], now));
}

async function send(
  context: PhaseContext,
  { follower, master, table }: Attaching,
  chosen: (kind: AttachmentStep['kind']) => number[],
): Promise<void> {
  const target = `pika ${follower.address}`;
  const { address } = master;
  const [detach, plain, full] = [chosen('detach'), chosen('attach'), chosen('attach-with-full-copy')];
  if (detach.length > 0) {
    await context.command({
      target,
      action: `detach ${describe(detach, table)} from its master`,
      send: (gate) => follower.detach(detach, table, gate),
    });
  }
  if (plain.length > 0) {
    await context.command({
      target,
      action: `attach ${describe(plain, table)} to ${address}`,
      send: (gate) => follower.attach({ master: address, slots: plain, table }, gate),
    });
  }
  if (full.length > 0) {
    // The look above showed that the master holds every one of them: asked for one it lacks, its process would crash.
    await context.command({
      target,
      action: `attach ${describe(full, table)} to ${address} with a full copy`,
      send: (gate) => follower.attachWithFullCopy({ master: address, slots: full, table }, gate),
    });
  }
}

function progressOf(steps: Planned, sent: readonly number[]): AttachProgress {
  const ready = steps.flatMap(({ step }) => (step.kind === 'ready' ? [step.lag] : []));
  const waits = steps.flatMap(({ step }) => (step.kind === 'wait' ? [step] : []));
  const refusals = steps.flatMap(({ slot, step }) => (step.kind === 'refuse' ? [{ slot, step }] : []));
  const first = refusals[0]?.step;
  const attaching =
    sent.length > 0 ? { code: 'attaching', message: `slots ${formatSlots(sent)} are being attached` } : null;
  return {
    ready: ready.length,
    total: steps.length,
    lag: Math.max(0, ...ready),
    waitsFor: waits[0] ? { code: waits[0].code, message: waits[0].message } : attaching,
    refused: first
      ? {
          code: first.code,
          message: first.message,
          slots: refusals.filter(({ step }) => step.code === first.code).map(({ slot }) => slot),
        }
      : null,
  };
}

function describe(slots: readonly number[], table: number): string {
  return `slots ${formatSlots(slots)}${table === 0 ? '' : ` of table ${table}`}`;
}

function recall(context: PhaseContext, follower: string): Memory {
  const stored = context.facts[`attachment ${follower}`];
  return (stored as unknown as Memory | undefined) ?? nothingYet;
}

const nothingYet: Memory = { marks: {}, fullCopy: [], waiting: {} };

function remember(context: PhaseContext, follower: string, before: Memory, after: Memory): void {
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  context.record({ [`attachment ${follower}`]: after as unknown as Json });
}

function readMark(mark: Memory['marks'][string]): AttachmentMark {
  return { master: parsePosition(mark.master), follower: parsePosition(mark.follower), at: mark.at };
}

function writeMark(mark: AttachmentMark): Memory['marks'][string] {
  return { master: formatPosition(mark.master), follower: formatPosition(mark.follower), at: mark.at };
}
