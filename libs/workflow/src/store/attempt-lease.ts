import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { LeaseLost } from '../workflow.errors';
import { endAttemptScript, lapsedAttemptsScript, renewAttemptScript, takeAttemptScript } from './attempt.lua';
import type { Keys } from './keys';

/** Share of a lease that its holder leaves unused, so that it stops before Redis lets another one take over. */
const marginShare = 0.1;
/** Leases are not renewed more often than this, in milliseconds. */
const minRenewMs = 20;

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
  private isOver = false;
  private readonly lost = new AbortController();

  constructor(
    readonly workflowId: string,
    readonly token: string,
    /** Worker whose lease had run out before this one took over, or ''. */
    readonly takenFrom: string,
    private readonly leaseMs: number,
    /** What Redis granted: less than asked for while a guard is armed. */
    private readonly granted: { readonly askedAt: number; readonly ms: number },
    private readonly monotonic: MonotonicClock,
    /** For how many ms the lease was extended; 0 when it is lost. */
    private readonly renewInRedis: () => Promise<number>,
  ) {
    this.validUntil = lastMoment(granted.askedAt, granted.ms);
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
    if (this.isOver) throw new LeaseLost(this.workflowId, 'it was given back with its outcome');
    if (this.lost.signal.aborted) throw new LeaseLost(this.workflowId, 'another attempt has taken over');
    if (this.remainingMs() <= 0)
      throw new LeaseLost(this.workflowId, 'its lease ran out while it stood still');
  }

  /** A guard of `ms` is armed by an append sent at `askedAt`. Said before it is sent: its answer may get lost. */
  guardArmed(askedAt: number, ms: number): void {
    this.guardUntil = lastMoment(askedAt, ms);
  }

  /** The guard was released; the append also renewed the lease. */
  guardReleased(askedAt: number): void {
    this.guardUntil = Number.POSITIVE_INFINITY;
    this.extend(askedAt, this.leaseMs);
  }

  /** The append of the outcome gave the attempt back: nothing may be done under it any more. */
  givenBack(): void {
    this.stopRenewing();
    this.isOver = true;
  }

  get isGivenBack(): boolean {
    return this.isOver;
  }

  startRenewing(): void {
    const renew = (): void => {
      const askedAt = this.monotonic();
      this.renewInRedis().then(
        (ms) => (ms > 0 ? this.extend(askedAt, ms) : this.lost.abort()),
        () => undefined, // Redis does not answer: the lease simply runs out on the own clock.
      );
      if (this.remainingMs() <= 0) this.lost.abort();
    };
    this.timer = setInterval(renew, Math.max(minRenewMs, Math.min(this.leaseMs, this.granted.ms) / 4));
  }

  stopRenewing(): void {
    clearInterval(this.timer);
  }

  private extend(askedAt: number, ms: number): void {
    this.validUntil = Math.max(this.validUntil, lastMoment(askedAt, ms));
  }
}

function lastMoment(askedAt: number, ms: number): number {
  return askedAt + ms * (1 - marginShare);
}

export type TakeResult =
  { readonly taken: true; readonly lease: AttemptLease } | { readonly taken: false; readonly leftMs: number };

/** `lapsed` takes an attempt only from a holder whose time is over. */
export type TakeWhich = 'any' | 'lapsed';

/** Gives out attempts, one per workflow at a time. */
export class AttemptLeases {
  constructor(
    private readonly redis: Redis,
    private readonly keys: Keys,
    private readonly monotonic: MonotonicClock,
  ) {}

  /** Sent at once: what is sent on the same connection after the call is carried out after it. */
  async take(
    workflowId: string,
    worker: string,
    leaseMs: number,
    which: TakeWhich = 'any',
  ): Promise<TakeResult> {
    const token = randomUUID();
    const askedAt = this.monotonic();
    const keys = this.keysOf(workflowId);
    // Sent in full, not by its hash: it must never have to be sent twice, behind what its caller sends after it.
    const [answer, first = '', granted = ''] = (await this.redis.eval(
      takeAttemptScript,
      2,
      ...keys,
      ...[workflowId, token, worker, leaseMs, which],
    )) as [string, string?, string?];
    if (answer !== 'taken') return { taken: false, leftMs: Number(first) };
    const renew = (): Promise<number> =>
      renewAttemptScript.run(this.redis, ...keys, workflowId, token, leaseMs);
    const grant = { askedAt, ms: Number(granted) };
    return {
      taken: true,
      lease: new AttemptLease(workflowId, token, first, leaseMs, grant, this.monotonic, renew),
    };
  }

  /** Gives an attempt back, unless that was done together with its outcome. */
  async end(lease: AttemptLease): Promise<void> {
    lease.stopRenewing();
    if (lease.isGivenBack) return;
    const { workflowId, token } = lease;
    await endAttemptScript.run(this.redis, ...this.keysOf(workflowId), workflowId, token);
  }

  /** Workflows whose worker has not renewed in time, longest ago first. */
  async lapsed(skip: number, limit: number): Promise<string[]> {
    return lapsedAttemptsScript.run(this.redis, this.keys.attempts, skip, limit);
  }

  private keysOf(workflowId: string): [string, string] {
    return [this.keys.attempt(workflowId), this.keys.attempts];
  }
}
