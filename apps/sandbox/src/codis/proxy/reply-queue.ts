import { type Socket } from 'node:net';
import { encodeReply, failure } from '../../resp';
import { type Gate } from '../protocol/gate';
import { type OpStats } from './op-stats';
import { type Done, type Outcome } from './request';

interface Expected {
  readonly name: string;
  readonly since: number;
  bytes: Buffer | undefined;
}

const MINUS = 0x2d;

/** Sends replies in the order of the commands, whatever order they come in. Those that are ready together go out in one write. */
export class ReplyQueue {
  private queue: Expected[] = [];
  private sent = 0;
  private isScheduled = false;
  private isEnding = false;

  constructor(
    private readonly socket: Socket,
    private readonly gate: Gate,
    private readonly stats: OpStats,
  ) {}

  /** Commands without a reply. */
  get length(): number {
    return this.queue.length - this.sent;
  }

  /** Takes the next place in the order. The reply may be given now or later, once. */
  expect(name: string): Done {
    const expected: Expected = { name, since: performance.now(), bytes: undefined };
    this.queue.push(expected);
    return (outcome) => {
      if (expected.bytes) return;
      expected.bytes = toBytes(outcome);
      const isError = expected.bytes[0] === MINUS;
      this.stats.count(name, (performance.now() - expected.since) * 1_000, isError);
      this.schedule();
    };
  }

  /** Closes the connection when everything expected has been sent. */
  end(): void {
    this.isEnding = true;
    this.schedule();
  }

  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(() => void this.flush());
  }

  private async flush(): Promise<void> {
    if (this.gate.closed) await this.gate.pass();
    this.isScheduled = false;
    const ready: Buffer[] = [];
    for (let next = this.queue[this.sent]; next?.bytes; next = this.queue[this.sent]) {
      ready.push(next.bytes);
      this.sent += 1;
    }
    if (this.sent === this.queue.length || this.sent > 1_000) {
      this.queue = this.queue.slice(this.sent);
      this.sent = 0;
    }
    const [first] = ready;
    if (first && this.socket.writable) this.socket.write(ready.length === 1 ? first : Buffer.concat(ready));
    if (this.isEnding && this.length === 0) this.socket.end();
  }
}

function toBytes(outcome: Outcome): Buffer {
  return Buffer.isBuffer(outcome) ? outcome : encodeReply(failure(`ERR handle response, ${outcome.message}`));
}
