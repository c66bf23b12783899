import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type MoveSlotInput } from '@slotferry/migration';
import { canonicalJson, CommandIdReused, Keys } from '@slotferry/workflow';
import { reachRedis } from '../errors/redis-unavailable';
import { Connections } from '../storage/connections';
import { type WantedMoves } from './check-routes';

/** How long a request may be repeated, in seconds. */
const KEPT_S = 7 * 24 * 3_600;

interface Stored {
  readonly wanted: string;
  readonly moves: readonly MoveSlotInput[];
}

/**
 * What the moves of a request were, by its key, stored before the first of them is started. A repeated request is carried out
 * again from here: looking at the router again would refuse it, because its slots have moved.
 */
@Injectable()
export class MoveRequests {
  constructor(
    private readonly connections: Connections,
    private readonly keys: Keys,
  ) {}

  /** The moves of an earlier request with this key, or null. Throws CommandIdReused when it asked for something else. */
  async find(key: string, wanted: WantedMoves): Promise<readonly MoveSlotInput[] | null> {
    const text = await reachRedis(() => this.connections.redis.get(this.keyOf(key)));
    if (text === null) return null;
    const stored = JSON.parse(text) as Stored;
    if (stored.wanted !== digest(wanted)) throw new CommandIdReused(key);
    return stored.moves;
  }

  /** The moves that count for this key: those given, or those of a request that came in at the same time. */
  async store(
    key: string,
    wanted: WantedMoves,
    moves: readonly MoveSlotInput[],
  ): Promise<readonly MoveSlotInput[]> {
    const text = JSON.stringify({ wanted: digest(wanted), moves } satisfies Stored);
    const stored = await reachRedis(() =>
      this.connections.redis.set(this.keyOf(key), text, 'EX', KEPT_S, 'NX'),
    );
    return stored === null ? ((await this.find(key, wanted)) ?? moves) : moves;
  }

  /** For a request of which nothing was carried out. */
  async forget(key: string): Promise<void> {
    await reachRedis(() => this.connections.redis.del(this.keyOf(key)));
  }

  private keyOf(key: string): string {
    return `{${this.keys.namespace}}:move-request:${key}`;
  }
}

function digest(wanted: WantedMoves): string {
  return createHash('sha256')
    .update(canonicalJson({ ...wanted }))
    .digest('hex');
}
