import type { WorkerVote } from '@slotferry/cluster';
import type { Redis } from 'ioredis';
import { GatheredWrites } from './gathered-writes';
import {
  decodePromotion,
  decodeSeen,
  decodeVote,
  encodePromotion,
  encodeSeen,
  encodeVote,
} from './memory-codec';
import { MemoryKeys } from './memory-keys';
import {
  acknowledgeScript,
  addChangeScript,
  endEpochScript,
  recordPromotionScript,
  voteScript,
  votesScript,
} from './memory.lua';
import {
  type Change,
  type EpochEnd,
  type FailoverMemory,
  type Followed,
  type FoundNow,
  type GroupRecord,
  type HistoryEntry,
  type LagPoint,
  type Maintenance,
  type Promotion,
  promotionsKept,
  type SeenNode,
} from './types';

/** Entries kept of a cluster's history. */
const historyLimit = 2_000;
/** Points kept of a replica's lag. */
const lagLimit = 300;
/** A replica that is not looked at any more is forgotten after a day, in seconds. */
const lagKeptSeconds = 86_400;
/** Somebody looks every second; what nobody has confirmed for so long is not known any more, in seconds. */
const findingsKeptSeconds = 10;
/** A worker that has not voted for so long has left, in milliseconds. */
const leftAfterMs = 3_600_000;

/** The memory of failovers in the Redis that keeps the event log. */
export class RedisFailoverMemory implements FailoverMemory {
  private readonly keys: MemoryKeys;
  private readonly writes: GatheredWrites;
  /** Votes as read last, so that what has not changed is not parsed again. */
  private readonly parsed = new Map<string, { readonly text: string; readonly vote: WorkerVote }>();

  constructor(
    private readonly redis: Redis,
    namespace: string,
  ) {
    this.keys = new MemoryKeys(namespace);
    this.writes = new GatheredWrites(redis);
  }

  async group(cluster: string, group: number): Promise<GroupRecord> {
    const [[epoch, blockedUntil], promotion] = await Promise.all([
      this.redis.hmget(this.keys.epochs(cluster), `epoch:${group}`, `blocked:${group}`),
      this.redis.hget(this.keys.promotions(cluster), String(group)),
    ]);
    return {
      epoch: Number(epoch ?? 1),
      blockedUntil: Number(blockedUntil ?? 0),
      promotion: promotion === null ? null : decodePromotion(promotion),
    };
  }

  async epochs(cluster: string): Promise<ReadonlyMap<number, EpochEnd>> {
    const fields = await this.redis.hgetall(this.keys.epochs(cluster));
    const groups = Object.keys(fields).flatMap((field) => /^epoch:(\d+)$/.exec(field)?.[1] ?? []);
    return new Map(
      groups.map((group) => [
        Number(group),
        { epoch: Number(fields[`epoch:${group}`]), blockedUntil: Number(fields[`blocked:${group}`] ?? 0) },
      ]),
    );
  }

  async promotions(cluster: string, group: number): Promise<Promotion[]> {
    const texts = await this.redis.lrange(this.keys.pastPromotions(cluster, group), 0, -1);
    return texts.reverse().map(decodePromotion);
  }

  async promotedGroups(cluster: string): Promise<number[]> {
    return (await this.redis.hkeys(this.keys.promotions(cluster))).map(Number);
  }

  async recordPromotion(cluster: string, group: number, promotion: Promotion): Promise<void> {
    await this.redis.eval(
      recordPromotionScript,
      2,
      this.keys.promotions(cluster),
      this.keys.pastPromotions(cluster, group),
      group,
      encodePromotion(promotion),
      promotion.workflow,
      promotionsKept,
    );
  }

  async endEpoch(cluster: string, group: number, end: EpochEnd): Promise<void> {
    await this.redis.eval(
      endEpochScript,
      1,
      this.keys.epochs(cluster),
      group,
      end.epoch,
      Math.round(end.blockedUntil),
    );
  }

  async acknowledge(cluster: string, group: number | null): Promise<void> {
    await this.redis.eval(acknowledgeScript, 1, this.keys.epochs(cluster), group ?? '');
  }

  async maintenance(cluster: string): Promise<Maintenance | null> {
    const text = await this.redis.get(this.keys.maintenance(cluster));
    return text === null ? null : (JSON.parse(text) as Maintenance);
  }

  async setMaintenance(cluster: string, maintenance: Maintenance | null): Promise<void> {
    const key = this.keys.maintenance(cluster);
    if (maintenance === null) await this.redis.del(key);
    else await this.redis.set(key, JSON.stringify(maintenance));
  }

  async vote(cluster: string, { worker, nodes }: Omit<WorkerVote, 'at'>): Promise<void> {
    const { keys } = this;
    await this.redis.eval(voteScript, 1, keys.votes(cluster), worker, encodeVote(nodes), keys.wake(cluster));
  }

  async votes(
    cluster: string,
    maxAgeMs: number,
  ): Promise<{ readonly now: number; readonly votes: WorkerVote[] }> {
    const key = this.keys.votes(cluster);
    const [time, fields] = (await this.redis.eval(votesScript, 1, key)) as [string, string[]];
    const now = Number(time);
    const all = pairs(fields).map(([worker, text]) => this.parse(cluster, worker, text));
    const left = all.filter(({ at }) => now - at > leftAfterMs).map(({ worker }) => worker);
    if (left.length > 0) await this.forget(cluster, left);
    return { now, votes: all.filter(({ at }) => now - at <= maxAgeMs) };
  }

  sawNode(cluster: string, seen: SeenNode): Promise<void> {
    return this.writes.set(this.keys.seen(cluster), seen.node, encodeSeen(seen));
  }

  async lastSeen(cluster: string, nodes: readonly string[]): Promise<Map<string, SeenNode>> {
    if (nodes.length === 0) return new Map();
    const texts = await this.redis.hmget(this.keys.seen(cluster), ...nodes);
    const seen = nodes.flatMap((node, index) => {
      const text = texts[index] ?? null;
      return text === null ? [] : [[node, decodeSeen(node, text)] as const];
    });
    return new Map(seen);
  }

  async setFollowed(cluster: string, node: string, followed: readonly Followed[]): Promise<void> {
    await this.redis.hset(this.keys.followed(cluster), node, JSON.stringify(followed));
  }

  async followed(cluster: string, nodes: readonly string[]): Promise<Map<string, Followed[]>> {
    if (nodes.length === 0) return new Map();
    const texts = await this.redis.hmget(this.keys.followed(cluster), ...nodes);
    return new Map(
      nodes.map((node, index) => [node, JSON.parse(texts[index] ?? '[]') as Followed[]] as const),
    );
  }

  async setFindings(cluster: string, found: FoundNow): Promise<void> {
    await this.redis.set(this.keys.findings(cluster), JSON.stringify(found), 'EX', findingsKeptSeconds);
  }

  async findings(cluster: string): Promise<FoundNow | null> {
    const text = await this.redis.get(this.keys.findings(cluster));
    return text === null ? null : (JSON.parse(text) as FoundNow);
  }

  addLag(cluster: string, replica: string, { at, lagBytes }: LagPoint): Promise<void> {
    const key = this.keys.lag(cluster, replica);
    return this.writes.add((pipeline) =>
      pipeline
        .lpush(key, `${at} ${lagBytes ?? '-'}`)
        .ltrim(key, 0, lagLimit - 1)
        .expire(key, lagKeptSeconds),
    );
  }

  async lagSeries(cluster: string, replica: string): Promise<LagPoint[]> {
    const points = await this.redis.lrange(this.keys.lag(cluster, replica), 0, -1);
    return points.reverse().map((point) => {
      const [at, lag] = point.split(' ');
      return { at: Number(at), lagBytes: lag === '-' ? null : Number(lag) };
    });
  }

  async addHistory(cluster: string, entry: HistoryEntry): Promise<void> {
    const key = this.keys.history(cluster);
    await this.redis
      .pipeline()
      .lpush(key, JSON.stringify(entry))
      .ltrim(key, 0, historyLimit - 1)
      .exec();
  }

  async addChange(cluster: string, entry: HistoryEntry, change: Change): Promise<void> {
    const { keys } = this;
    await this.redis.eval(
      addChangeScript,
      2,
      keys.history(cluster),
      keys.told(cluster),
      JSON.stringify(entry),
      change.about,
      change.state,
      change.initially,
      historyLimit,
    );
  }

  async history(
    cluster: string,
    { group, limit }: { readonly group?: number; readonly limit: number },
  ): Promise<HistoryEntry[]> {
    const last = group === undefined ? limit - 1 : -1;
    const texts = limit < 1 ? [] : await this.redis.lrange(this.keys.history(cluster), 0, last);
    const entries = texts.map((text) => JSON.parse(text) as HistoryEntry);
    return entries.filter((entry) => group === undefined || entry.group === group).slice(0, limit);
  }

  private parse(cluster: string, worker: string, text: string): WorkerVote {
    const key = `${cluster} ${worker}`;
    const known = this.parsed.get(key);
    if (known?.text === text) return known.vote;
    const vote = decodeVote(worker, text);
    this.parsed.set(key, { text, vote });
    return vote;
  }

  private async forget(cluster: string, workers: readonly string[]): Promise<void> {
    for (const worker of workers) this.parsed.delete(`${cluster} ${worker}`);
    await this.redis.hdel(this.keys.votes(cluster), ...workers);
  }
}

function pairs(flat: readonly string[]): (readonly [string, string])[] {
  return Array.from(
    { length: flat.length / 2 },
    (_, index) => [flat[2 * index] ?? '', flat[2 * index + 1] ?? ''] as const,
  );
}
