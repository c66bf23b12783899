import { Injectable } from '@nestjs/common';
import { type HistoryEntry, type Maintenance, RedisFailoverMemory } from '@slotferry/failover';
import { GroupNotFound } from '@slotferry/inventory';
import { ADMIN } from '../access/actor';
import { Clusters } from '../clusters/clusters';
import { reachRedis } from '../errors/redis-unavailable';
import { type HistoryQuery } from './history.dto';

/** In the history: the cluster as a whole. */
const WHOLE_CLUSTER = 0;

/** What operators tell the failover workers, and what these remember. Every method throws ClusterNotFound and RedisUnavailable. */
@Injectable()
export class FailoverOperations {
  constructor(
    private readonly clusters: Clusters,
    private readonly memory: RedisFailoverMemory,
  ) {}

  async history(cluster: string, { group, limit }: HistoryQuery): Promise<HistoryEntry[]> {
    await this.clusters.get(cluster);
    return reachRedis(() => this.memory.history(cluster, { group, limit }));
  }

  /** Ends the blocks after failovers, of one group or of all; returns the groups that were blocked. Throws GroupNotFound. */
  async acknowledge(cluster: string, group: number | null): Promise<number[]> {
    const { definition } = await this.clusters.get(cluster);
    const epochs = await reachRedis(() => this.memory.epochs(cluster));
    if (group !== null && !epochs.has(group) && !definition.groups.some(({ id }) => id === group)) {
      throw new GroupNotFound(cluster, group);
    }
    const now = Date.now();
    const blocked = [...epochs]
      .filter(([id, { blockedUntil }]) => blockedUntil > now && (group === null || id === group))
      .map(([id]) => id);
    await reachRedis(() => this.memory.acknowledge(cluster, group));
    for (const id of blocked) {
      await this.note(cluster, id, 'acknowledged', `the last failover of group ${id} was acknowledged`);
    }
    return blocked;
  }

  /** From now on no failover begins by itself. Asked again, the reason is replaced. */
  async pause(cluster: string, reason: string): Promise<Maintenance> {
    await this.clusters.get(cluster);
    const before = await reachRedis(() => this.memory.maintenance(cluster));
    const maintenance = { since: before?.since ?? Date.now(), by: ADMIN, reason };
    await reachRedis(() => this.memory.setMaintenance(cluster, maintenance));
    if (before?.reason !== reason) {
      await this.note(cluster, WHOLE_CLUSTER, 'maintenance-began', `no failover begins by itself: ${reason}`);
    }
    return maintenance;
  }

  async resume(cluster: string): Promise<void> {
    await this.clusters.get(cluster);
    const before = await reachRedis(() => this.memory.maintenance(cluster));
    if (before === null) return;
    await reachRedis(() => this.memory.setMaintenance(cluster, null));
    await this.note(cluster, WHOLE_CLUSTER, 'maintenance-ended', 'failovers begin by themselves again');
  }

  private note(cluster: string, group: number, code: string, message: string): Promise<void> {
    const entry: HistoryEntry = {
      at: Date.now(),
      group,
      kind: 'operator',
      code,
      message: `${message} (${ADMIN})`,
      workflow: null,
      details: null,
    };
    return reachRedis(() => this.memory.addHistory(cluster, entry));
  }
}
