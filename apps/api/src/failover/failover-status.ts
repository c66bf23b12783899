import { Injectable } from '@nestjs/common';
import { type ClusterDefinition, policyOf, type RouterView, type WorkerVote } from '@slotferry/cluster';
import {
  failoverDefinition,
  type Promotion,
  RedisFailoverMemory,
  rejoinDefinition,
  switchoverDefinition,
  fairVotes,
  liveMs,
} from '@slotferry/failover';
import { ClusterConnections } from '@slotferry/inventory';
import { type Problem, withTimeout } from '@slotferry/platform';
import { WorkflowEngine, type WorkflowSummary } from '@slotferry/workflow';
import { Clusters } from '../clusters/clusters';
import { reachRedis } from '../errors/redis-unavailable';
import { problemOf } from '../topology/problem-of';
import { analyse, type JudgedGroup, type Known } from './analyse';
import {
  type FailoverStatusDto,
  type FailoverWorkerDto,
  type GroupFailoverDto,
  type OpenWorkflowDto,
  type PromotionDto,
} from './status.dto';

/** The router counts as unreachable after so many milliseconds. */
const ROUTER_LIMIT_MS = 3_000;
const MOST_OPEN = 500;

const OURS: readonly string[] = [failoverDefinition.name, switchoverDefinition.name, rejoinDefinition.name];

/** Puts together what is known of failovers of a cluster. */
@Injectable()
export class FailoverStatus {
  constructor(
    private readonly clusters: Clusters,
    private readonly connections: ClusterConnections,
    private readonly memory: RedisFailoverMemory,
    private readonly engine: WorkflowEngine,
  ) {}

  /** Throws ClusterNotFound, RedisUnavailable. A router that does not answer is part of the answer. */
  async read(cluster: string): Promise<FailoverStatusDto> {
    const { definition } = await this.clusters.get(cluster);
    const [{ view, problem }, { votes, now }, epochs, maintenance, open] = await Promise.all([
      this.viewRouter(definition),
      reachRedis(() => this.memory.votes(cluster, liveMs)),
      reachRedis(() => this.memory.epochs(cluster)),
      reachRedis(() => this.memory.maintenance(cluster)),
      this.open(cluster),
    ]);
    const underWay = new Set(
      open.filter(({ workflow }) => workflow === failoverDefinition.name).map(groupOf),
    );
    const known = {
      definition,
      view,
      votes: fairVotes(votes, now),
      now,
      epochs,
      maintenance: maintenance !== null,
      underWay,
    };
    return {
      cluster,
      checkedAt: new Date().toISOString(),
      maintenance,
      workers: votes
        .map((vote) => describeWorker(vote, now))
        .sort((a, b) => a.worker.localeCompare(b.worker)),
      groups: await this.describeGroups(known, open),
      routerProblem: problem,
    };
  }

  private async viewRouter(
    definition: ClusterDefinition,
  ): Promise<{ view: RouterView | null; problem: Problem | null }> {
    try {
      const { router } = this.connections.open(definition);
      const asked = withTimeout(router.view(), ROUTER_LIMIT_MS, `the router at ${router.address}`);
      return { view: await asked, problem: null };
    } catch (error) {
      return { view: null, problem: problemOf(error) };
    }
  }

  private async open(cluster: string): Promise<WorkflowSummary[]> {
    const all = await this.engine.list({ scope: cluster, open: true, limit: MOST_OPEN });
    return all.filter(({ workflow }) => OURS.includes(workflow));
  }

  private describeGroups(known: Known, open: readonly WorkflowSummary[]): Promise<GroupFailoverDto[]> {
    return Promise.all(
      analyse(known).map(async (group) => ({
        ...describeGroup(group, known),
        promotion: await this.lastPromotion(known.definition.name, group.group),
        open: open.filter((one) => groupOf(one) === group.group).map(describeOpen),
      })),
    );
  }

  private async lastPromotion(cluster: string, group: number): Promise<PromotionDto | null> {
    const { promotion } = await reachRedis(() => this.memory.group(cluster, group));
    return promotion && withoutPositions(promotion);
  }
}

function describeWorker({ worker, at, nodes }: WorkerVote, now: number): FailoverWorkerDto {
  return {
    worker,
    ageMs: Math.max(0, now - at),
    complaints: nodes
      .filter(({ condition }) => condition !== 'answering')
      .map(({ node, condition, silentMs }) => ({ node, condition, silentMs })),
  };
}

function describeGroup(
  { group, master, replicas, blockedUntil, judged }: JudgedGroup,
  { definition, epochs }: Known,
): Omit<GroupFailoverDto, 'promotion' | 'open'> {
  const { analysis, why, decision } = judged;
  return {
    group,
    master,
    replicas,
    mode: policyOf(definition.failover, group).mode,
    analysis,
    why,
    refusal: decision.kind === 'nothing' ? { code: decision.refusal, message: decision.message } : null,
    epoch: epochs.get(group)?.epoch ?? 1,
    blockedUntil,
  };
}

function describeOpen({ id, workflow, status, phase, problem }: WorkflowSummary): OpenWorkflowDto {
  return { id, workflow, status, phase, problem };
}

function withoutPositions({ workflow, at, oldMaster, newMaster }: Promotion): PromotionDto {
  return { workflow, at, oldMaster, newMaster };
}

function groupOf({ input }: WorkflowSummary): number {
  return Number(input.group);
}
