import {
  INFO_QUESTION,
  type ProbeFailure,
  type ProbeReply,
  readInfoAnswer,
  readSlotsAnswer,
  SLOTS_QUESTION,
  PikaError,
  ProbeConnection,
  type ProbeTarget,
  type SlotInfo,
} from '@slotferry/pika';
import { DataProbe } from './data-probe';
import { NodeHealth } from './node-health';
import type { ProbePlan } from './probe-plan';

/** What a probe tells. */
export interface ProbeEvents {
  /** Its vote is another one now, or its silence has reached the down-after time. */
  changed(probe: NodeProbe): void;
  restarted(probe: NodeProbe): void;
  /** Everything it holds. */
  slots(probe: NodeProbe, slots: readonly SlotInfo[]): void;
  /** It said something that cannot be read. */
  unreadable(probe: NodeProbe, error: PikaError): void;
}

/** Between two looks at the slots, and at the process, in milliseconds. */
const slotsEveryMs = 950;
const infoEveryMs = 10_000;

/**
 * Watches one node over one connection (and a second one for data commands, which can be held up for seconds while the node is well).
 * Has no timer: `tick` is called every few ms, and does what is due.
 */
export class NodeProbe {
  readonly health = new NodeHealth();
  private readonly data: DataProbe;
  private connection: ProbeConnection | null = null;
  private connected = false;
  private connectingSince = 0;
  private nextAttempt = 0;
  private nextPing = 0;
  private nextSlots = 0;
  private nextInfo = 0;
  private slotsAsked = false;
  /** When the question was asked that was not answered yet. */
  private unanswered: number | null = null;
  /** When the first thing went wrong after the last sign of life. */
  private troubleSince: number | null = null;
  private told: string | null = null;

  constructor(
    readonly address: string,
    private readonly target: ProbeTarget,
    public plan: ProbePlan,
    private readonly now: () => number,
    private readonly events: ProbeEvents,
  ) {
    this.data = new DataProbe(target, now);
  }

  tick(now: number): void {
    if (!this.connection) {
      if (now >= this.nextAttempt) this.connect(now);
    } else if (!this.connected) {
      if (now - this.connectingSince > this.plan.limitMs) this.giveUp('unreachable', this.connectingSince);
    } else {
      this.question(now);
    }
    this.health.dataCommand(this.health.answers && this.data.tick(now, this.plan));
    this.tell(now);
  }

  close(): void {
    this.connection?.destroy();
    this.connection = null;
    this.data.close();
  }

  private connect(now: number): void {
    this.connectingSince = now;
    this.connected = false;
    this.unanswered = null;
    this.slotsAsked = false;
    const connection: ProbeConnection = new ProbeConnection(this.target, {
      connected: () => this.opened(),
      failed: (failure) => this.failed(failure),
    });
    this.connection = connection;
  }

  private opened(): void {
    this.connected = true;
    const now = this.now();
    // Whoever has just connected asks at once: an open port proves nothing.
    this.nextPing = now;
    this.nextInfo = now;
    this.question(now);
  }

  private question(now: number): void {
    if (this.unanswered !== null) {
      if (now - this.unanswered > this.plan.limitMs) this.giveUp('hanging', this.unanswered);
      return;
    }
    if (now < this.nextPing) return;
    this.nextPing = now + (this.health.answers ? this.plan.pingMs : this.plan.retryMs);
    this.unanswered = now;
    const answers = this.health.answers;
    this.connection?.together(() => {
      this.connection?.ask(['PING'], () => this.alive(now));
      if (answers && now >= this.nextInfo) this.askInfo(now);
      if (answers && now >= this.nextSlots && !this.slotsAsked) this.askSlots(now);
    });
  }

  private alive(asked: number): void {
    const now = this.now();
    this.unanswered = null;
    this.troubleSince = null;
    this.health.answered(now - asked, this.plan.slowMs);
    this.tell(now);
  }

  private askInfo(now: number): void {
    this.nextInfo = now + infoEveryMs;
    this.connection?.ask(INFO_QUESTION, (reply) =>
      this.read(reply, (text) => {
        const { uptimeSeconds, processId } = readInfoAnswer(this.address, text);
        if (this.health.runs(Date.now() - uptimeSeconds * 1_000, processId)) this.events.restarted(this);
      }),
    );
  }

  private askSlots(now: number): void {
    this.nextSlots = now + slotsEveryMs;
    this.slotsAsked = true;
    this.connection?.ask(SLOTS_QUESTION, (reply) => {
      this.slotsAsked = false;
      this.read(reply, (text) => this.events.slots(this, readSlotsAnswer(this.address, text)));
    });
  }

  /** Refusals (a node that loads its data, a wrong password) are signs of life, and no news. */
  private read(reply: ProbeReply, take: (text: string) => void): void {
    if (reply.refused) return;
    try {
      take(reply.text);
    } catch (error) {
      if (!(error instanceof PikaError)) throw error;
      this.events.unreadable(this, error);
    }
  }

  private failed(failure: ProbeFailure): void {
    const now = this.now();
    this.connection = null;
    if (failure === 'ended') {
      // Why it ended shows in the next attempt, which is made at once.
      this.troubleSince ??= this.unanswered ?? now;
      const wasTried = this.connected && now - this.connectingSince < this.plan.retryMs;
      this.nextAttempt = wasTried ? now + this.plan.retryMs : now;
      if (wasTried) this.health.silent('unreachable', this.troubleSince);
      else this.connect(now);
    } else {
      this.nextAttempt = now + this.plan.retryMs;
      this.health.silent(failure, this.troubleSince ?? this.connectingSince);
    }
    this.tell(now);
  }

  private giveUp(condition: 'hanging' | 'unreachable', since: number): void {
    this.connection?.destroy();
    this.connection = null;
    this.troubleSince ??= since;
    this.health.silent(condition, this.troubleSince);
    this.connect(this.now());
  }

  private tell(now: number): void {
    const crossed = this.health.silentMs(now) >= this.plan.downAfterMs;
    const present = this.health.condition && `${this.health.condition}${crossed ? ' for long' : ''}`;
    if (present === this.told) return;
    this.told = present;
    this.events.changed(this);
  }
}
