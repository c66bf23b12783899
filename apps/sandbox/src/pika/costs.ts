/** `real`, `zero`, or how many times faster than the real servers. */
export type Speed = 'real' | 'zero' | number;

/** What the real servers take, in milliseconds, measured on Pika 3.4.1. */
export const REAL_COSTS = {
  /** Creating one slot: five RocksDB instances are opened. */
  addSlot: 70,
  /** Deleting one slot. */
  deleteSlot: 3.5,
  /** From SLOTSSLAVEOF until the slave asks its master: its state machine runs in steps. */
  attach: 60,
  /** Full copy of one slot. */
  fullCopy: 1_400,
  /** From the reply to a write until the slave has it. */
  replication: 1.5,
} as const;

export type Cost = keyof typeof REAL_COSTS;

/** How long one side waits for a sign of life from the other before it gives the attachment up, in milliseconds. */
export const PEER_TIMEOUT_MS = 20_000;

/** How long things take in a sandbox. One object serves a whole cluster and may be changed while it runs. */
export class Costs {
  private divisor: number;

  /**
   * @param speed how fast things go
   * @param peerTimeoutMs not scaled by the speed, so that a test can shorten it alone
   */
  constructor(
    speed: Speed = 'real',
    public peerTimeoutMs: number = PEER_TIMEOUT_MS,
  ) {
    this.divisor = divisorOf(speed);
  }

  get speed(): Speed {
    if (this.divisor === 1) return 'real';
    return this.divisor === Infinity ? 'zero' : this.divisor;
  }

  set speed(speed: Speed) {
    this.divisor = divisorOf(speed);
  }

  /** Milliseconds that `times` of it take now. */
  of(cost: Cost, times = 1): number {
    return (REAL_COSTS[cost] * times) / this.divisor;
  }
}

function divisorOf(speed: Speed): number {
  if (speed === 'real') return 1;
  return speed === 'zero' ? Infinity : speed;
}
