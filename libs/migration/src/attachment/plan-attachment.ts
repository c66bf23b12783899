import { type Attachment, isPositionZero } from '@slotferry/cluster';

/** The next thing to do for one slot of a follower. */
export type AttachmentStep =
  | { readonly kind: 'ready'; readonly lag: number }
  | { readonly kind: 'attach' }
  /** Discards the follower's copy. */
  | { readonly kind: 'attach-with-full-copy' }
  | { readonly kind: 'detach'; readonly why: 'hollow' | 'diverged' | 'master-replaced' }
  | { readonly kind: 'wait'; readonly code: string; readonly message: string }
  | { readonly kind: 'refuse'; readonly code: AttachmentRefusal; readonly message: string };

export type AttachmentRefusal =
  'copy-of-its-own' | 'follows-another-master' | 'slot-missing' | 'copy-diverged';

export interface AttachmentPermissions {
  /** The follower's copy was made by us or approved for discarding: a full copy may replace it. */
  readonly mayDiscard: boolean;
  /** A plain attach was found hollow, or a discard was approved: the next attach is a full copy. */
  readonly fullCopyWanted: boolean;
  /** Since when the follower waits for its master's reply, in ms; Pika itself never gives up. */
  readonly waitingForMs: number;
  /**
   * The copy comes from a master that was replaced. It may hold writes that its successor lacks, however far that has come since:
   * positions cannot tell.
   */
  readonly fromReplacedMaster: boolean;
  /** Nodes that it may be taken off from: their role went to the master. */
  readonly mayBeFollowed: readonly string[];
}

/** A reply comes within 0.1 s or, when the master was away meanwhile, never. In milliseconds. */
const replyLimitMs = 5_000;

/** Decides the next step. Never a plain attach of a copy that may hold writes of its own, never a full copy from a node without the slot. */
export function planAttachment(
  attachment: Attachment,
  who: { readonly follower: string; readonly master: string; readonly slot: number },
  permissions: AttachmentPermissions,
): AttachmentStep {
  const { follower, master, slot } = who;
  if (permissions.fromReplacedMaster && hasContent(attachment)) {
    if (!permissions.mayDiscard) return refuseForeign(who);
    if (attachment.kind !== 'elsewhere' && attachment.kind !== 'detached')
      return { kind: 'detach', why: 'master-replaced' };
  }
  switch (attachment.kind) {
    case 'follower-lacks-slot':
      return { kind: 'refuse', code: 'slot-missing', message: `${follower} does not hold slot ${slot}` };
    case 'master-lacks-slot':
      return { kind: 'refuse', code: 'slot-missing', message: `${master} does not hold slot ${slot}` };
    case 'detached':
      return planDetached(attachment, who, permissions);
    case 'elsewhere':
      if (permissions.mayBeFollowed.includes(attachment.master)) {
        return permissions.mayDiscard ? { kind: 'detach', why: 'master-replaced' } : refuseForeign(who);
      }
      return {
        kind: 'refuse',
        code: 'follows-another-master',
        message: `slot ${slot} of ${follower} follows ${attachment.master}, not ${master}`,
      };
    case 'connecting':
      if (attachment.status === 'kWaitReply' && permissions.waitingForMs > replyLimitMs)
        return { kind: 'attach' };
      return {
        kind: 'wait',
        code: 'attaching',
        message: `slot ${slot} of ${follower} is being attached to ${master} (${attachment.status})`,
      };
    case 'diverged':
      if (permissions.mayDiscard) return { kind: 'detach', why: 'diverged' };
      return {
        kind: 'refuse',
        code: 'copy-diverged',
        message: `slot ${slot} of ${follower} holds writes that ${master} does not have`,
      };
    case 'hollow':
      if (attachment.empty || permissions.mayDiscard) return { kind: 'detach', why: 'hollow' };
      // Detached, it would only be a copy that nobody may replace; attached, it goes on when a slow link recovers.
      return {
        kind: 'wait',
        code: 'not-moving',
        message: `slot ${slot} of ${follower} follows ${master} and gets nothing from it`,
      };
    case 'following':
      if (attachment.met) return { kind: 'ready', lag: attachment.lag };
      return {
        kind: 'wait',
        code: 'catching-up',
        message: `slot ${slot} of ${follower} is ${attachment.lag} bytes behind ${master}`,
      };
  }
}

/** Could the copy hold anything? Only a detached one shows surely that it does not. */
function hasContent(attachment: Attachment): boolean {
  switch (attachment.kind) {
    case 'follower-lacks-slot':
    case 'master-lacks-slot':
      return false;
    case 'detached':
      return !isPositionZero(attachment.position);
    default:
      return true;
  }
}

function refuseForeign({ follower, master, slot }: Parameters<typeof planAttachment>[1]): AttachmentStep {
  return {
    kind: 'refuse',
    code: 'copy-of-its-own',
    message: `slot ${slot} of ${follower} was copied from a master that ${master} has replaced: it may hold writes that ${master} lacks`,
  };
}

function planDetached(
  attachment: Attachment & { readonly kind: 'detached' },
  { follower, master, slot }: { readonly follower: string; readonly master: string; readonly slot: number },
  permissions: AttachmentPermissions,
): AttachmentStep {
  const isEmpty = isPositionZero(attachment.position);
  const fullCopyWanted = permissions.fullCopyWanted || (permissions.fromReplacedMaster && !isEmpty);
  if (fullCopyWanted && (permissions.mayDiscard || isEmpty)) {
    // Forced while the master still lists it, Pika answers OK and does nothing.
    if (!attachment.stillListed) return { kind: 'attach-with-full-copy' };
    return { kind: 'wait', code: 'detaching', message: `${master} still lists slot ${slot} of ${follower}` };
  }
  // A copy that only ever followed goes on from where it stands; one with writes of its own would stay different for ever.
  if (isEmpty || permissions.mayDiscard) return { kind: 'attach' };
  return {
    kind: 'refuse',
    code: 'copy-of-its-own',
    message: `slot ${slot} of ${follower} holds data of its own (position ${attachment.position.file} ${attachment.position.offset}) and follows nobody`,
  };
}
