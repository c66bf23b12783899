import { Injectable } from '@nestjs/common';
import { ClusterConnections } from '@slotferry/inventory';
import { rebalanceDefinition } from '@slotferry/migration';
import {
  CommandIdReused,
  Keys,
  ResourceHeld,
  WorkflowEngine,
  type WorkflowSummary,
} from '@slotferry/workflow';
import { ADMIN } from '../access/actor';
import { Clusters } from '../clusters/clusters';
import { reachRedis } from '../errors/redis-unavailable';
import { Connections } from '../storage/connections';
import { type DriftOptions, driftOf } from './plan-drift';
import { type PlanDto } from './plan.dto';
import { NothingToMove, PlanDrifted } from './plan.errors';
import { Plans } from './plans';

/** As long as plans are kept, in seconds. */
const KEPT_S = 24 * 3_600;

/** Turns an approved plan into a rebalance. */
@Injectable()
export class ExecutePlan {
  constructor(
    private readonly plans: Plans,
    private readonly clusters: Clusters,
    private readonly open: ClusterConnections,
    private readonly engine: WorkflowEngine,
    private readonly connections: Connections,
    private readonly keys: Keys,
  ) {}

  /**
   * Starts the rebalance, if the cluster is still as the plan took it to be. A request repeated with its key is answered with
   * the rebalance that the first one started, however far that has come.
   * @param key the request's Idempotency-Key
   * Throws PlanNotFound, NothingToMove, PlanDrifted, ResourceHeld, CommandIdReused, ClusterNotFound, what the router throws,
   * RedisUnavailable.
   */
  async execute(id: string, options: DriftOptions, key: string | undefined): Promise<WorkflowSummary> {
    const plan = await this.plans.get(id);
    if (plan.count === 0) throw new NothingToMove(id);
    if (key === undefined || !(await this.isRepeated(id, key))) await this.refuseDrift(plan, options);
    if (key !== undefined) await this.remember(id, key);
    return this.start(plan, options, key);
  }

  private async refuseDrift(plan: PlanDto, options: DriftOptions): Promise<void> {
    const { definition } = await this.clusters.get(plan.cluster);
    const drift = driftOf(plan, await this.open.open(definition).router.view(), options);
    if (drift !== null) throw new PlanDrifted(plan.id, drift);
  }

  private async start(
    plan: PlanDto,
    { adopt }: DriftOptions,
    key: string | undefined,
  ): Promise<WorkflowSummary> {
    const { id, cluster, hash, moves, limits } = plan;
    try {
      return await this.engine.start(
        rebalanceDefinition,
        { cluster, plan: id, hash, moves, limits, ...(adopt ? { adopt } : {}) },
        { actor: ADMIN, commandId: key },
      );
    } catch (error) {
      if (key !== undefined && error instanceof ResourceHeld) await this.forget(key);
      throw error;
    }
  }

  /** Looking at the router again would refuse a repeated request, because its slots have moved. */
  private async isRepeated(id: string, key: string): Promise<boolean> {
    const before = await reachRedis(() => this.connections.redis.get(this.keyOf(key)));
    if (before !== null && before !== id) throw new CommandIdReused(key);
    return before !== null;
  }

  private async remember(id: string, key: string): Promise<void> {
    await reachRedis(() => this.connections.redis.set(this.keyOf(key), id, 'EX', KEPT_S));
  }

  private async forget(key: string): Promise<void> {
    await reachRedis(() => this.connections.redis.del(this.keyOf(key)));
  }

  private keyOf(key: string): string {
    return `{${this.keys.namespace}}:plan-execution:${key}`;
  }
}
