import type { Clock } from '@slotferry/platform';

/** A worker that did not run for longer than this missed what the nodes said meanwhile, in milliseconds. */
const stallMs = 250;

/**
 * Time as far as this worker has lived through it: while the process is stopped, or its event loop stands still, it does not pass.
 * So a worker that was frozen for a minute does not believe that every node was silent for a minute. It has to be read more often
 * than every 250 ms.
 */
export class WatchClock {
  private last: number;
  private missed = 0;

  constructor(private readonly clock: Pick<Clock, 'monotonicMs'>) {
    this.last = clock.monotonicMs();
  }

  /** Milliseconds since some moment, without those that were missed. */
  now(): number {
    const real = this.clock.monotonicMs();
    const gap = real - this.last;
    if (gap > stallMs) this.missed += gap;
    this.last = real;
    return real - this.missed;
  }

  /** Milliseconds this worker has missed so far. */
  get missedMs(): number {
    return this.missed;
  }
}
