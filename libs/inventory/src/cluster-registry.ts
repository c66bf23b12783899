import {
  type ClusterDefinition,
  DEFAULT_FAILOVER,
  DEFAULT_MIGRATION,
  type MigrationSettings,
} from '@slotferry/cluster';
import type { Redis } from 'ioredis';
import { ClusterNotFound } from './inventory.errors';

/** A cluster as somebody registered it. */
export interface RegisteredCluster {
  readonly definition: ClusterDefinition;
  /** Counts from 1 with every change. */
  readonly version: number;
  /** ISO 8601, UTC. */
  readonly savedAt: string;
  /** `operator:<name>`. */
  readonly savedBy: string;
}

/**
 * Stores a definition as the next version, unless it is the present one.
 * KEYS 1 clusters, 2 history   ARGV 1 name, 2 definition, 3 time, 4 who
 */
const saveScript = `
local known = redis.call('HGET', KEYS[1], ARGV[1])
local version = 0
if known then
  local entry = cjson.decode(known)
  if entry.definition == ARGV[2] then return known end
  version = entry.version
  redis.call('RPUSH', KEYS[2], known)
end
local entry = cjson.encode({ definition = ARGV[2], version = version + 1, savedAt = ARGV[3], savedBy = ARGV[4] })
redis.call('HSET', KEYS[1], ARGV[1], entry)
return entry
`;

/** The clusters Slotferry knows, kept in Redis with every earlier version. Definitions hold no secrets. */
export class ClusterRegistry {
  private readonly clusters: string;

  constructor(
    private readonly redis: Redis,
    private readonly namespace: string,
  ) {
    this.clusters = `{${namespace}}:clusters`;
  }

  /** Registers a cluster, or a new version of it. The same definition again changes nothing. */
  async save(definition: ClusterDefinition, savedBy: string): Promise<RegisteredCluster> {
    const { name } = definition;
    const text = JSON.stringify(definition);
    const history = `{${this.namespace}}:cluster-history:${name}`;
    const at = new Date().toISOString();
    return read(
      String(await this.redis.eval(saveScript, 2, this.clusters, history, name, text, at, savedBy)),
    );
  }

  /** Throws ClusterNotFound. */
  async get(name: string): Promise<RegisteredCluster> {
    const entry = await this.redis.hget(this.clusters, name);
    if (entry === null) throw new ClusterNotFound(name, await this.redis.hkeys(this.clusters));
    return read(entry);
  }

  /** All clusters by name. */
  async list(): Promise<RegisteredCluster[]> {
    const entries = await this.redis.hgetall(this.clusters);
    return Object.keys(entries)
      .sort()
      .map((name) => read(entries[name] ?? ''));
  }
}

function read(entry: string): RegisteredCluster {
  const stored = JSON.parse(entry) as Omit<RegisteredCluster, 'definition'> & { readonly definition: string };
  return { ...stored, definition: complete(JSON.parse(stored.definition) as StoredDefinition) };
}

/** Definitions are kept as they were saved: earlier ones say nothing of failover, or of how long a stall may last. */
type StoredDefinition = Omit<ClusterDefinition, 'failover' | 'migration'> &
  Partial<Pick<ClusterDefinition, 'failover'>> & { readonly migration: Partial<MigrationSettings> };

function complete(stored: StoredDefinition): ClusterDefinition {
  return {
    ...stored,
    migration: { ...DEFAULT_MIGRATION, ...stored.migration },
    failover: stored.failover ?? DEFAULT_FAILOVER,
  };
}
