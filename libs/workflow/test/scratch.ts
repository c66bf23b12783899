import { openRedis } from '@slotferry/platform';
import type { Redis } from 'ioredis';
import { draft, type DraftEvent } from '../src/events';
import { decideStart } from '../src/decide';
import { initialState, type WorkflowState } from '../src/state';
import { EventLog, type OutboxEntry } from '../src/store/event-log';
import { Keys } from '../src/store/keys';
import { toy } from './toy-workflow';

/** An event log in a namespace of its own. */
export interface Scratch {
  readonly redis: Redis;
  readonly keys: Keys;
  readonly log: EventLog;
  /** Another process' view of the same log. */
  another(): EventLog;
  outbox(): Promise<OutboxEntry[]>;
  start(id: string, name?: string, parent?: string): Promise<WorkflowState>;
}

let spaces = 0;

export function scratch(url: string): Scratch {
  const redis = openRedis(url, { role: 'command' });
  const keys = new Keys(`space-${(spaces += 1)}`);
  const log = new EventLog(redis, keys);
  return {
    redis,
    keys,
    log,
    another: () => new EventLog(redis, keys),
    outbox: async () =>
      (await redis.xrange(keys.outbox, '-', '+')).map(([, [, text = '']]) => JSON.parse(text) as OutboxEntry),
    start: async (id, name = id, parent) => {
      const drafts = decideStart(toy, { name }, parent);
      return (await log.append(initialState(id), drafts, { actor: 'operator:ann' })).state;
    },
  };
}

export const fact = (facts: Record<string, number>): DraftEvent => draft('fact-recorded', { facts });
