import { Injectable } from '@nestjs/common';
import { type ClusterDefinition, parseSlots, type RebalanceGoal } from '@slotferry/cluster';
import { ClusterConnections } from '@slotferry/inventory';
import {
  defaultRebalanceLimits,
  expandMoves,
  makePlan,
  PlanStore,
  type RebalanceInput,
  rebalanceDefinition,
} from '@slotferry/migration';
import { WorkflowEngine } from '@slotferry/workflow';
import { ADMIN } from '../access/actor';
import { Clusters } from '../clusters/clusters';
import { reachRedis } from '../errors/redis-unavailable';
import { tableSize } from '../moves/table-size';
import { type AnyGoalDto, type UndoGoalDto } from './goal.dto';
import { givenLimits } from './limits.dto';
import { type PlanDto, type PlanRequestDto } from './plan.dto';
import { NotUndoable } from './plan.errors';

/** Plans of rebalances: made, kept for a day, looked at. */
@Injectable()
export class Plans {
  constructor(
    private readonly clusters: Clusters,
    private readonly open: ClusterConnections,
    private readonly engine: WorkflowEngine,
    private readonly store: PlanStore,
  ) {}

  /**
   * Plans over the router's present view. Throws ClusterNotFound, PlanError, SlotListError, TableUnknown, NotUndoable,
   * WorkflowNotFound, what the router throws, RedisUnavailable.
   */
  async make(cluster: string, { goal: wanted, limits = {} }: PlanRequestDto): Promise<PlanDto> {
    const { definition } = await this.clusters.get(cluster);
    const goal = await this.goalOf(definition, wanted);
    const view = await this.open.open(definition).router.view();
    const plan = makePlan(cluster, goal, view, { ...defaultRebalanceLimits, ...givenLimits(limits) });
    return reachRedis(() => this.store.save(plan, ADMIN));
  }

  /** Throws PlanNotFound, RedisUnavailable. */
  get(id: string): Promise<PlanDto> {
    return reachRedis(() => this.store.get(id));
  }

  private async goalOf(definition: ClusterDefinition, goal: AnyGoalDto): Promise<RebalanceGoal> {
    switch (goal.kind) {
      case 'even':
        return goal.weights ? { kind: 'even', weights: goal.weights } : { kind: 'even' };
      case 'drain':
        return { kind: 'drain', group: goal.group };
      case 'slots': {
        const { table = 0, to } = goal;
        const slots = parseSlots(goal.slots, tableSize(definition, table));
        return { kind: 'slots', slots: slots.map((slot) => ({ table, slot })), to };
      }
      case 'undo':
        return { kind: 'undo', moves: await this.movesToUndo(definition, goal) };
    }
  }

  private async movesToUndo(
    { name }: ClusterDefinition,
    { workflow: id }: UndoGoalDto,
  ): Promise<ReturnType<typeof expandMoves>> {
    const { workflow, input } = await this.engine.get(id);
    if (workflow !== rebalanceDefinition.name) throw new NotUndoable(id, `it is a ${workflow}`);
    const { cluster, moves } = input as RebalanceInput;
    if (cluster !== name) throw new NotUndoable(id, `it was one of cluster ${cluster}`);
    return expandMoves(moves);
  }
}
