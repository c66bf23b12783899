import { Injectable } from '@nestjs/common';
import { failoverDefinition, RedisFailoverMemory } from '@slotferry/failover';
import { ClusterSource, GroupNotFound } from '@slotferry/inventory';
import { CommandIdReused, WorkflowEngine, type WorkflowSummary } from '@slotferry/workflow';
import { ADMIN } from '../access/actor';
import { Clusters } from '../clusters/clusters';
import { reachRedis } from '../errors/redis-unavailable';

/** Starts failovers by hand: where what happens by itself is held back by a mode, a window or a block. */
@Injectable()
export class StartFailover {
  constructor(
    private readonly clusters: Clusters,
    private readonly source: ClusterSource,
    private readonly memory: RedisFailoverMemory,
    private readonly engine: WorkflowEngine,
  ) {}

  /**
   * The failover looks at the master first, and ends without a change when it answers. A request repeated with its key is answered
   * with the failover that the first one started. Throws ClusterNotFound, GroupNotFound, ResourceHeld, CommandIdReused, what the router
   * throws, RedisUnavailable.
   * @param key the request's Idempotency-Key
   */
  async start(name: string, group: number, key: string | undefined): Promise<WorkflowSummary> {
    const before = key === undefined ? null : await this.engine.startedWith(failoverDefinition, key);
    if (key !== undefined && before) return sameRequest(before, name, group, key);
    const { definition } = await this.clusters.get(name);
    const { router } = await this.source.open(definition.name);
    const { groups } = await router.view();
    const master = groups.find(({ id }) => id === group)?.servers[0];
    if (master === undefined) throw new GroupNotFound(name, group);
    const { epoch } = await reachRedis(() => this.memory.group(name, group));
    const input = { cluster: name, group, epoch, master, approvalNeeded: false };
    return this.engine.start(failoverDefinition, input, { actor: ADMIN, commandId: key });
  }
}

/** Master and epoch may be others by now. */
function sameRequest(before: WorkflowSummary, cluster: string, group: number, key: string): WorkflowSummary {
  const { input } = before;
  if (input.cluster !== cluster || input.group !== group) throw new CommandIdReused(key);
  return before;
}
