/** The dashboard's clockwork, in milliseconds. */
export interface DashboardTimings {
  /** Pause of each loop between two rounds. */
  readonly idleMs: number;
  /** Pause between two rounds of slot actions while there is work. */
  readonly roundMs: number;
  /** Extra pause of a loop after an error. */
  readonly afterErrorMs: number;
  /** Poll of a paused executor. */
  readonly pausedMs: number;
  /** Limit of one sample of a server or proxy. */
  readonly sampleMs: number;
  /** Limit of a whole call to a proxy. */
  readonly proxyCallMs: number;
  readonly connectMs: number;
  /** Pause between two tries to get the lock, and the number of tries. */
  readonly lockRetryMs: number;
  readonly lockTries: number;
}

/** What the real dashboard waits. */
export const REAL_TIMINGS: DashboardTimings = {
  idleMs: 1_000,
  roundMs: 10,
  afterErrorMs: 5_000,
  pausedMs: 1_000,
  sampleMs: 1_000,
  proxyCallMs: 60_000,
  connectMs: 1_000,
  lockRetryMs: 2_000,
  lockTries: 16,
};
