import type { NodeCondition, NodeVote } from '@slotferry/cluster';

/** A process that was restarted says so by an uptime that is shorter by more than it can be inexact, in milliseconds. */
const restartSlackMs = 2_500;

/** What one worker knows of one node from its answers and their absence. Times of the watch clock unless told. */
export class NodeHealth {
  private silence: { readonly since: number; condition: NodeCondition } | null = null;
  private known = false;
  private late = false;
  private dataLate = false;
  private startedAt_: number | null = null;
  private processId: number | null = null;

  /** True from the first sign of life until it stops, and false before the first result. */
  get answers(): boolean {
    return this.known && this.silence === null;
  }

  /** When its process started, wall clock milliseconds; null when not known. */
  get startedAt(): number | null {
    return this.startedAt_;
  }

  get condition(): NodeCondition | null {
    if (!this.known) return null;
    if (this.silence) return this.silence.condition;
    return this.late || this.dataLate ? 'slow' : 'answering';
  }

  /** It said something, `tookMs` after it was asked. */
  answered(tookMs: number, slowMs: number): void {
    this.known = true;
    this.silence = null;
    this.late = tookMs > slowMs;
  }

  /** The last data command took, or takes so far, too long. */
  dataCommand(isLate: boolean): void {
    this.dataLate = isLate;
  }

  /** It says nothing, and has not since `since`. The beginning of a silence stays as it was. */
  silent(condition: NodeCondition, since: number): void {
    this.known = true;
    this.silence = { since: this.silence?.since ?? since, condition };
  }

  /** By its own word. True when the process is another one than before. */
  runs(startedAt: number, processId: number): boolean {
    const before = this.startedAt_;
    const restarted =
      before !== null && (startedAt - before > restartSlackMs || processId !== this.processId);
    // Uptimes are told in whole seconds: the first estimate stays, so that every vote says the same.
    if (before === null || restarted) this.startedAt_ = startedAt;
    this.processId = processId;
    return restarted;
  }

  silentMs(now: number): number {
    return this.silence ? Math.max(0, now - this.silence.since) : 0;
  }

  /** Null before the first result. */
  vote(node: string, now: number): NodeVote | null {
    const { condition, startedAt } = this;
    return condition && { node, condition, silentMs: this.silentMs(now), startedAt };
  }
}
