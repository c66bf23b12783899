/**
 * Names of the engine's keys. All of one namespace carry one hash tag, so that they live on one shard of a Redis Cluster and
 * one script may change them together.
 */
export class Keys {
  constructor(readonly namespace: string) {}

  /** Stream: the event log of a workflow; entry ids are `<version>-0`. */
  log(workflowId: string): string {
    return `${this.tag}:log:${workflowId}`;
  }
  /** Hash: command id -> version, so that a repeated command is recognised. */
  commands(workflowId: string): string {
    return `${this.tag}:commands:${workflowId}`;
  }
  /** Hash: the attempt under way: token, worker, guardUntil. */
  attempt(workflowId: string): string {
    return `${this.tag}:attempt:${workflowId}`;
  }
  /** Sorted set: workflow -> end of its attempt's lease, in Redis' own milliseconds. */
  get attempts(): string {
    return `${this.tag}:attempts`;
  }
  /** Hash: workflow -> summary (JSON). */
  get summaries(): string {
    return `${this.tag}:summaries`;
  }
  /** Sorted set of all workflows by start. */
  get all(): string {
    return `${this.tag}:all`;
  }
  /** Sorted set of workflows that have not ended, by start. */
  get open(): string {
    return `${this.tag}:open`;
  }
  /** Hash: resource -> workflow that holds it. */
  get resources(): string {
    return `${this.tag}:resources`;
  }
  /** Stream: work that has become due and is not in a queue yet. */
  get outbox(): string {
    return `${this.tag}:outbox`;
  }
  /** Stream, bounded: which workflow has a new version. Wakes readers; the log is the truth. */
  get feed(): string {
    return `${this.tag}:feed`;
  }
  /** Prefix of BullMQ's keys. */
  get queuePrefix(): string {
    return this.tag;
  }

  private get tag(): string {
    return `{${this.namespace}}`;
  }
}
