import { Injectable } from '@nestjs/common';
import {
  type ClusterDefinition,
  defaultTolerance,
  parseSlots,
  parseTableSlots,
  type RebalanceGoal,
  type RouterView,
  type SlotSizes,
} from '@slotferry/cluster';
import { ClusterConnections, type OpenCluster } from '@slotferry/inventory';
import {
  defaultRebalanceLimits,
  expandMoves,
  givenLimits,
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
import { type AnyGoalDto, type EvenByWrittenGoalDto, type UndoGoalDto } from './goal.dto';
import { measureWritten } from './measure-written';
import { type PlanDto, type PlanRequestDto } from './plan.dto';
import { NotUndoable } from './plan.errors';
import { slotSizesOf } from './slot-sizes';

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
   * WorkflowNotFound, WrittenUnknown, what the router throws, RedisUnavailable.
   */
  async make(cluster: string, { goal: wanted, limits: changes = {} }: PlanRequestDto): Promise<PlanDto> {
    const { definition } = await this.clusters.get(cluster);
    const limits = { ...defaultRebalanceLimits, ...givenLimits(changes) };
    if (limits.first) parseTableSlots(limits.first, (table) => tableSize(definition, table));
    const goal = await this.goalOf(definition, wanted);
    const open = this.open.open(definition);
    const view = await open.router.view();
    const plan = makePlan(cluster, goal, view, limits, await sizesFor(wanted, open, view));
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
      case 'even-by-written':
        return bySize(definition, goal, 'written');
      case 'even-by-sizes':
        return bySize(definition, { ...goal, table: goal.table ?? 0 }, 'given');
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

function bySize(
  definition: ClusterDefinition,
  {
    weights,
    tolerance = defaultTolerance,
    table,
  }: Pick<EvenByWrittenGoalDto, 'weights' | 'tolerance' | 'table'>,
  measure: 'written' | 'given',
): RebalanceGoal {
  if (table !== undefined) tableSize(definition, table);
  return {
    kind: 'even-by-size',
    measure,
    tolerance,
    ...(weights && { weights }),
    ...(table !== undefined && { table }),
  };
}

/** The sizes that a goal goes by; undefined when it goes by none. */
async function sizesFor(
  goal: AnyGoalDto,
  cluster: OpenCluster,
  view: RouterView,
): Promise<SlotSizes | undefined> {
  if (goal.kind === 'even-by-written') return measureWritten(cluster, view, goal.table);
  if (goal.kind !== 'even-by-sizes') return undefined;
  const { sizes, table = 0 } = goal;
  return slotSizesOf(sizes, table, tableSize(cluster.definition, table));
}
