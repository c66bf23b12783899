import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { LeaseLost } from '../workflow.errors';
import { endAttemptScript, lapsedAttemptsScript, renewAttemptScript, takeAttemptScript } from './attempt.lua';
import type { Keys } from './keys';

/** Share of a lease that its holder leaves unused, so that it stops before Redis lets another one take over. */
const marginShare = 0.1;

/** Monotonic milliseconds; goes on while the process is frozen. */
export type MonotonicClock = () => number;

/**
 * The right to act for one workflow, held by one attempt of one worker. Redis decides who holds it; whether it still holds is
 * checked on the own monotonic clock, counted from before the request was sent, so a process that was frozen knows at once.
 */
export class AttemptLease {
  private validUntil: number;
  private guardUntil = Number.POSITIVE_INFINITY;
  private timer: NodeJS.Timeout | undefined;
  private readonly lost = new AbortController();

  constructor(
    readonly workflowId: string,
    readonly token: string,
    /** Worker whose lease had run out before this one took over, or ''. */
    readonly takenFrom: string,
    private readonly leaseMs: number,
    askedAt: number,
    private readonly monotonic: MonotonicClock,
    private readonly renewInRedis: () => Promise<boolean>,
  ) {
    this.validUntil = askedAt + leaseMs * (1 - marginShare);
  }

  /** Aborted when the lease is found to be lost. */
  get signal(): AbortSignal {
    return this.lost.signal;
  }

  /** Milliseconds for which this attempt may still act; 0 or less when it may not. */
  remainingMs(): number {
    return Math.min(this.validUntil, this.guardUntil) - this.monotonic();
  }

  /** Throws LeaseLost when the time is over. Synchronous: nothing can come between it and what follows it. */
  assertHeld(): void {
    if (this.lost.signal.aborted) throw new LeaseLost(this.workflowId, 'another attempt has taken over');
    if (this.remainingMs() <= 0)
      throw new LeaseLost(this.workflowId, 'its lease ran out while it stood still');
  }

  /** A guard of `ms` was armed by an append sent at `askedAt`. */
  guardArmed(askedAt: number, ms: number): void {
    this.guardUntil = askedAt + ms * (1 - marginShare);
  }

  /** The guard was released; the append also renewed the lease. */
  guardReleased(askedAt: number): void {
    this.guardUntil = Number.POSITIVE_INFINITY;
    this.validUntil = Math.max(this.validUntil, askedAt + this.leaseMs * (1 - marginShare));
  }

  startRenewing(): void {
    const renew = (): void => {
      const askedAt = this.monotonic();
      this.renewInRedis().then(
        (held) => {
          if (held) this.validUntil = Math.max(this.validUntil, askedAt + this.leaseMs * (1 - marginShare));
          else this.lost.abort();
        },
        () => undefined, // Redis does not answer: the lease simply runs out on the own clock.
      );
    };
    this.timer = setInterval(renew, this.leaseMs / 4);
  }

  stopRenewing(): void {
    clearInterval(this.timer);
  }
}

export type TakeResult =
  | { readonly taken: true; readonly lease: AttemptLease }
  | { readonly taken: false; readonly leftMs: number; readonly worker: string };

/** Gives out attempts, one per workflow at a time. */
export class AttemptLeases {
  constructor(
    private readonly redis: Redis,
    private readonly keys: Keys,
    private readonly monotonic: MonotonicClock,
  ) {}

  async take(workflowId: string, worker: string, leaseMs: number): Promise<TakeResult> {
    const token = randomUUID();
    const askedAt = this.monotonic();
    const [answer, first, second] = (await this.redis.eval(
      takeAttemptScript,
      2,
      this.keys.attempt(workflowId),
      this.keys.attempts,
      workflowId,
      token,
      worker,
      leaseMs,
    )) as [string, string, string?];
    if (answer === 'held') return { taken: false, leftMs: Number(first), worker: second ?? '' };
    const renew = async (): Promise<boolean> =>
      (await this.redis.eval(
        renewAttemptScript,
        2,
        ...this.keysOf(workflowId),
        workflowId,
        token,
        leaseMs,
      )) === 1;
    return {
      taken: true,
      lease: new AttemptLease(workflowId, token, first, leaseMs, askedAt, this.monotonic, renew),
    };
  }

  async end(lease: AttemptLease): Promise<void> {
    lease.stopRenewing();
    await this.redis.eval(
      endAttemptScript,
      2,
      ...this.keysOf(lease.workflowId),
      lease.workflowId,
      lease.token,
    );
  }

  /** Workflows whose worker has not renewed in time. */
  async lapsed(limit: number): Promise<string[]> {
    return (await this.redis.eval(lapsedAttemptsScript, 1, this.keys.attempts, limit)) as string[];
  }

  private keysOf(workflowId: string): [string, string] {
    return [this.keys.attempt(workflowId), this.keys.attempts];
  }
}
