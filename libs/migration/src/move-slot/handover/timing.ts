/** How the handover spends its time, in milliseconds. */
export const timing = {
  /** What others saw of the router so long ago is good enough for a slot that nobody is holding. */
  sharedLook: 50,
  /** How long a slot that could be queued waits for a moment in which this process has little to do. */
  calmLimit: 300,
  /** Between two looks at the router while the slot is queued there. */
  queuedPoll: 15,
  /** The same while others of this process are to come before it. */
  distantPoll: 250,
  /** The same while clients are held. */
  heldPoll: 4,
  /** The same when the target is detached: the router's own loop takes a moment to see it. */
  switchPoll: 6,
  /** A slot that the router has not taken up for so long is withdrawn, so that it does not stand in the way of others. */
  queuedLimit: 15_000,
  /** While queued, another worker takes over after so long without a word. Shorter than the budget plus two seconds. */
  queuedGuard: 2_500,
  /** While queued, the guard is armed anew this often. */
  queuedRearm: 1_000,
  /** While queued, the log is read this often for a cancel. */
  cancelPoll: 300,
  /** What the holder gets on top of the budget for taking the hold back, before another worker does it. */
  takeBackAllowance: 600,
  /** From the intent to detach until another worker goes on with it. */
  detachGuard: 1_500,
  /** How long one attempt keeps trying to reach the target between the intent to detach and the detach. */
  detachLimit: 1_000,
  /** How long one attempt waits for the router to switch after the detach. */
  confirmLimit: 3_000,
  /** After a hold was taken back the router rests for some seconds; nothing is tried sooner. */
  afterTakeBack: 7_000,
  /** How long one attempt waits for its turn among the holds of a cluster. */
  turnLimit: 3_000,
  /** How long a window that clients do not wait for yet waits for its slowest slot. */
  gatherLimit: 100,
  /** The same while clients wait. */
  stepLimit: 10,
  /** A target further behind than this shares its window with nobody: others would wait for it. In bytes, not milliseconds. */
  sharedLagBytes: 65_536,
  /** What ending a hold at the proxies may take on top of its budget, before another worker does it. */
  releaseAllowance: 700,
  /** How long one attempt waits for all proxies to end a hold, and for the router to say whose the slot is before that. */
  releaseLimit: 500,
  heldLook: 250,
  /** An order to hold that was not answered may come to a proxy until so long after the release. */
  lateHold: 1_000,
  lateRetry: 100,
  /** Between two looks at a proxy that could not be told to end a hold. */
  silentPoll: 1_000,
  /** After a hold at the proxies was released; nothing has to rest there. */
  afterRelease: 1_000,
} as const;

/** Holds taken back in a row before an operator is asked. */
export const takeBackLimit = 5;

/** The guard that leaves its holder so many ms: holders stop a tenth of a guard's time before others may take over. */
export function guardFor(ms: number): number {
  return Math.ceil(ms / 0.9);
}
