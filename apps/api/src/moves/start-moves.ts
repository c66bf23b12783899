import { Injectable } from '@nestjs/common';
import { groupOf, parseSlots, type ClusterDefinition } from '@slotferry/cluster';
import { ClusterConnections, GroupNotFound } from '@slotferry/inventory';
import { moveSlotDefinition, type MoveSlotInput } from '@slotferry/migration';
import { type Problem } from '@slotferry/platform';
import { ResourceHeld, WorkflowEngine, type WorkflowSummary } from '@slotferry/workflow';
import { ADMIN } from '../access/actor';
import { Clusters } from '../clusters/clusters';
import { reachRedis } from '../errors/redis-unavailable';
import { Connections } from '../storage/connections';
import { checkRoutes, type WantedMoves } from './check-routes';
import { MoveRefused, MovesPartlyStarted, TooManySlots } from './move.errors';
import { MoveRequests } from './move-requests';
import { type MoveSlotsDto } from './moves.dto';
import { tableSize } from './table-size';

/** Every move is a workflow of its own. */
const MOST_SLOTS = 64;

/** Starts the moves of a request: all of them, or none when something stands in the way of one. */
@Injectable()
export class StartMoves {
  constructor(
    private readonly clusters: Clusters,
    private readonly open: ClusterConnections,
    private readonly engine: WorkflowEngine,
    private readonly connections: Connections,
    private readonly requests: MoveRequests,
  ) {}

  /**
   * @param key the request's Idempotency-Key
   * Throws ClusterNotFound, GroupNotFound, TableUnknown, TooManySlots, SlotListError, MoveRefused, MovesPartlyStarted, what
   * the router throws, RedisUnavailable.
   */
  async start(cluster: string, request: MoveSlotsDto, key: string | undefined): Promise<WorkflowSummary[]> {
    const { definition } = await this.clusters.get(cluster);
    const wanted = readWanted(definition, request);
    if (key === undefined) return this.startAll(await this.plan(definition, wanted), undefined);
    const moves =
      (await this.requests.find(key, wanted)) ??
      (await this.requests.store(key, wanted, await this.plan(definition, wanted)));
    return this.startAll(moves, key);
  }

  private async plan(definition: ClusterDefinition, wanted: WantedMoves): Promise<readonly MoveSlotInput[]> {
    refuse(await this.heldSlots(wanted));
    const view = await this.open.open(definition).router.view();
    const { moves, problems } = checkRoutes(wanted, view);
    refuse(problems);
    return moves;
  }

  /** Asked before the router, because the move under way is the reason for what the router would show. */
  private async heldSlots({ cluster, table, slots, to }: WantedMoves): Promise<Problem[]> {
    const { keys } = this.engine.log;
    const resources = slots.map((slot) => ({
      slot,
      names: moveSlotDefinition.resources({ cluster, table, slot, from: to, to }),
    }));
    const names = resources.flatMap((one) => one.names);
    const holders = await reachRedis(() => this.connections.redis.hmget(keys.resources, ...names));
    return resources.flatMap((one) => {
      const holder = one.names.map((name) => holders[names.indexOf(name)]).find((id) => id);
      return holder ? [slotHeld(one.slot, holder)] : [];
    });
  }

  private async startAll(
    moves: readonly MoveSlotInput[],
    key: string | undefined,
  ): Promise<WorkflowSummary[]> {
    const started: WorkflowSummary[] = [];
    for (const move of moves) {
      const commandId = key && `${key}-${move.slot}`;
      try {
        started.push(await this.engine.start(moveSlotDefinition, move, { actor: ADMIN, commandId }));
      } catch (error) {
        if (!(error instanceof ResourceHeld)) throw error;
        if (started.length > 0)
          throw new MovesPartlyStarted(
            started.map(({ id }) => id),
            error,
          );
        if (key !== undefined) await this.requests.forget(key);
        throw error;
      }
    }
    return started;
  }
}

function readWanted(definition: ClusterDefinition, request: MoveSlotsDto): WantedMoves {
  const { name: cluster } = definition;
  const { table = 0, to } = request;
  const slots = parseSlots(request.slots, tableSize(definition, table));
  if (slots.length > MOST_SLOTS) throw new TooManySlots(slots.length, MOST_SLOTS);
  if (!groupOf(definition, to)) throw new GroupNotFound(cluster, to);
  return { cluster, table, slots, to };
}

function slotHeld(slot: number, holder: string): Problem {
  const { code, remedy } = new ResourceHeld(`slot ${slot}`, holder);
  return { code, message: `slot ${slot} is being moved already, by workflow ${holder}`, remedy };
}

function refuse(problems: readonly Problem[]): void {
  const [first, ...others] = problems;
  if (first) throw new MoveRefused([first, ...others]);
}
