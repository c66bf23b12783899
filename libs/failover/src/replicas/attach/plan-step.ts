import { type Attachment, comparePositions, type BinlogPosition } from '@slotferry/cluster';

/** The next thing to do for one slot of the node. */
export type RejoinStep =
  | { readonly kind: 'ready'; readonly lag: number }
  | { readonly kind: 'create' }
  | { readonly kind: 'detach' }
  | { readonly kind: 'attach' }
  /** Discards the node's copy. */
  | { readonly kind: 'full-copy' }
  | { readonly kind: 'wait'; readonly code: string; readonly message: string }
  | { readonly kind: 'refuse'; readonly code: RejoinRefusal; readonly message: string };

export type RejoinRefusal = 'master-lacks-slot' | 'copy-changed';

/** What is known of the slot from before this look. */
export interface StepMemory {
  /** Its copy may be, and has to be, replaced. */
  readonly replace: boolean;
  /** An operator said so, whatever it holds by now. */
  readonly givenUp: boolean;
  /** A full copy was asked for by this rejoin. */
  readonly forced: boolean;
  /** A plain attachment was. */
  readonly attached: boolean;
  /** It has held all that the master had, at an earlier look. */
  readonly met: boolean;
  /** Where the copy stood when it was measured; null when it followed somebody then. */
  readonly stood: BinlogPosition | null;
  /** The master's position now; null when it lacks the slot. */
  readonly masterPosition: BinlogPosition | null;
  /** How long it has waited for the master's reply, in milliseconds. */
  readonly waitingForMs: number;
}

/** A reply comes within 0.1 s or, when the master was away meanwhile, never. In milliseconds. */
const replyLimitMs = 5_000;

/**
 * Decides the next step. Never a plain attachment of a copy with writes of its own, never a full copy from a master without the
 * slot, and none that is asked for while the master still lists the node: Pika would answer OK and do nothing.
 */
export function planStep(
  attachment: Attachment,
  who: { readonly node: string; readonly master: string; readonly slot: string },
  memory: StepMemory,
): RejoinStep {
  const { node, master, slot } = who;
  switch (attachment.kind) {
    case 'master-lacks-slot':
      return { kind: 'refuse', code: 'master-lacks-slot', message: `${master} does not hold slot ${slot}` };
    case 'follower-lacks-slot':
      return { kind: 'create' };
    case 'elsewhere':
      return { kind: 'detach' };
    case 'detached':
      return planDetached(attachment, who, memory);
    case 'diverged':
      return memory.replace
        ? { kind: 'detach' }
        : changed(who, `${master} refuses it, though it was not ahead when it was measured`);
    case 'hollow':
      return { kind: 'detach' };
    case 'connecting':
      return planConnecting(attachment.status, who, memory);
    case 'following':
      if (memory.replace && !memory.forced) return { kind: 'detach' };
      if (attachment.met || memory.met) return { kind: 'ready', lag: attachment.lag };
      return {
        kind: 'wait',
        code: 'catching-up',
        message: `slot ${slot} of ${node} is ${attachment.lag} bytes behind ${master}`,
      };
  }
}

type Who = Parameters<typeof planStep>[1];

function planDetached(
  { position, stillListed }: Attachment & { readonly kind: 'detached' },
  who: Who,
  { replace, givenUp, forced, attached, stood, masterPosition }: StepMemory,
): RejoinStep {
  const hasMoved = stood !== null && comparePositions(position, stood) > 0;
  if (replace) {
    // What was written since it was measured is in no file, and nobody has let it go.
    if (hasMoved && !forced && !attached && !givenUp) return changed(who, 'somebody has written to it since');
    if (!stillListed) return { kind: 'full-copy' };
    const message = `${who.master} still lists slot ${who.slot} of ${who.node}`;
    return { kind: 'wait', code: 'detaching', message };
  }
  // It followed this master and forgot it, by a restart: then it stands somewhere before it.
  const isBeyond = masterPosition !== null && comparePositions(position, masterPosition) > 0;
  if (attached ? isBeyond : hasMoved) return changed(who, 'somebody has written to it since');
  return { kind: 'attach' };
}

function planConnecting(status: string, { node, master, slot }: Who, memory: StepMemory): RejoinStep {
  if (memory.replace && !memory.forced) return { kind: 'detach' };
  if (status === 'kWaitReply' && memory.waitingForMs > replyLimitMs) {
    return memory.replace ? { kind: 'detach' } : { kind: 'attach' };
  }
  const message = `slot ${slot} of ${node} is being attached to ${master} (${status})`;
  return { kind: 'wait', code: 'attaching', message };
}

function changed({ node, slot }: Who, why: string): RejoinStep {
  return { kind: 'refuse', code: 'copy-changed', message: `slot ${slot} of ${node}: ${why}` };
}
