import { Injectable } from '@nestjs/common';
import { type ClusterDefinition } from '@slotferry/cluster';
import { ClusterNotFound, ClusterRegistry, type RegisteredCluster } from '@slotferry/inventory';
import { ADMIN } from '../access/actor';
import { reachRedis } from '../errors/redis-unavailable';

export type ClusterChange = 'created' | 'changed' | 'unchanged';

/** The registered clusters. Every method throws RedisUnavailable. */
@Injectable()
export class Clusters {
  constructor(private readonly registry: ClusterRegistry) {}

  list(): Promise<RegisteredCluster[]> {
    return reachRedis(() => this.registry.list());
  }

  /** Throws ClusterNotFound. */
  get(name: string): Promise<RegisteredCluster> {
    return reachRedis(() => this.registry.get(name));
  }

  async apply(definition: ClusterDefinition): Promise<RegisteredCluster & { change: ClusterChange }> {
    const before = await this.find(definition.name);
    const saved = await reachRedis(() => this.registry.save(definition, ADMIN));
    return { ...saved, change: changeOf(before, saved) };
  }

  private async find(name: string): Promise<RegisteredCluster | null> {
    try {
      return await this.get(name);
    } catch (error) {
      if (error instanceof ClusterNotFound) return null;
      throw error;
    }
  }
}

function changeOf(before: RegisteredCluster | null, after: RegisteredCluster): ClusterChange {
  if (before === null) return 'created';
  return before.version === after.version ? 'unchanged' : 'changed';
}
