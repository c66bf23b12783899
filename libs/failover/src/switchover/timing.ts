/** How a switchover spends its time, in milliseconds. */
export const timing = {
  /** The shortest budget that a hold of a whole group can keep. */
  leastBudget: 100,
  /** Between two looks while clients are held. */
  heldPoll: 2,
  /** What ending a hold may take on top of its budget, before another worker does it. */
  releaseAllowance: 700,
  /** How long one attempt waits for all proxies to end a hold. */
  releaseLimit: 500,
  /** How long held clients wait for one answer of the router. */
  heldLook: 250,
  /** How long they wait for the old master to tell where it stands, once there is no way back. */
  lastLook: 500,
  /** An order to hold that was not answered may come to a proxy until so long after the release. */
  lateHold: 1_000,
  lateRetry: 100,
  /** From the intent to promote until another worker goes on with it. */
  promoteGuard: 1_500,
  /** Limit for one proxy's answer. */
  proxyLimit: 1_000,
  /** How long one attempt waits for the router's looks at sources to end, once it begins no new ones. */
  executorLimit: 500,
  executorPoll: 5,
  /** Pauses after a hold was taken back: doubled each time. */
  backoff: 200,
  backoffMax: 10_000,
  /** Between two looks at the lag before the hold. */
  syncPoll: 100,
  /** A replica whose lag has not become smaller for so long does not catch up. */
  syncStuck: 30_000,
  /** How long replication may go on before a promotion without a hold. */
  unheldWait: 1_000,
  /** Nodes that do not follow the new master after so long are left to be mended on their own. */
  reattachLimit: 20_000,
  /** A reply of the master to an attachment comes at once, or never. */
  replyLimit: 5_000,
  /** Between two looks at peers that have to come back. */
  peerPoll: 1_000,
  /** Between two looks at a group that others are at work on. */
  busyPoll: 500,
  /** Longest pause while the time to begin has not come. */
  notBeforePoll: 60_000,
} as const;

/** Lag of all slots together at which clients may be held, in bytes: what a replica gets in a moment. */
export const nearZeroBytes = 65_536;

/** Holds taken back in a row before an operator is asked. */
export const takeBackLimit = 5;

/** The guard that leaves its holder so many ms: holders stop a tenth of a guard's time before others may take over. */
export function guardFor(ms: number): number {
  return Math.ceil(ms / 0.9);
}

/** The pause after so many holds taken back in a row (1 or more). */
export function pauseAfterTakeBack(takenBack: number): number {
  return Math.min(timing.backoffMax, timing.backoff * 2 ** (takenBack - 1));
}
