import { Injectable } from '@nestjs/common';
import { type ClusterDefinition } from '@slotferry/cluster';
import {
  type Finding,
  type FoundNow,
  healDryRun,
  type Proposal,
  RedisFailoverMemory,
  rejoinDefinition,
  rejoinInputOf,
} from '@slotferry/failover';
import { ResourceHeld, WorkflowEngine, type WorkflowSummary } from '@slotferry/workflow';
import { ADMIN } from '../access/actor';
import { Clusters } from '../clusters/clusters';
import { reachRedis } from '../errors/redis-unavailable';
import { NobodyLooks } from './failover.errors';

/** Which findings are meant; what is left out does not matter. */
export interface HealFilter {
  readonly group?: number;
  readonly node?: string;
}

export interface HealPlan {
  readonly definition: ClusterDefinition;
  readonly lookedAt: number;
  readonly proposals: readonly Proposal[];
}

export interface Healed {
  readonly workflows: readonly WorkflowSummary[];
  readonly postponed: readonly { readonly finding: Finding; readonly why: string }[];
}

/** What is wrong with replicas, and having it mended. Every method throws ClusterNotFound, NobodyLooks, RedisUnavailable. */
@Injectable()
export class Heal {
  constructor(
    private readonly clusters: Clusters,
    private readonly memory: RedisFailoverMemory,
    private readonly engine: WorkflowEngine,
  ) {}

  /** What was found, and what would be done about it. Changes nothing. */
  async plan(cluster: string): Promise<HealPlan> {
    const { definition } = await this.clusters.get(cluster);
    const { at, findings } = await this.foundNow(definition);
    return { definition, lookedAt: at, proposals: await this.propose(definition, findings) };
  }

  /** Starts to mend it: one node of a group at a time, because full copies burden its master. */
  async start(cluster: string, filter: HealFilter): Promise<Healed> {
    const { definition } = await this.clusters.get(cluster);
    const { findings } = await this.foundNow(definition);
    const workflows: WorkflowSummary[] = [];
    const postponed: { finding: Finding; why: string }[] = [];
    const begun = new Map<number, string>();
    for (const finding of findings.filter((one) => isWanted(one, filter))) {
      const first = begun.get(finding.group);
      if (first === finding.node) continue;
      const why = first === undefined ? null : `${first} of the same group is mended first`;
      const result = why ?? (await this.mend(cluster, finding));
      if (typeof result === 'string') postponed.push({ finding, why: result });
      else {
        workflows.push(result);
        begun.set(finding.group, finding.node);
      }
    }
    return { workflows, postponed };
  }

  private async mend(cluster: string, finding: Finding): Promise<WorkflowSummary | string> {
    try {
      return await this.engine.start(rejoinDefinition, rejoinInputOf(cluster, finding), { actor: ADMIN });
    } catch (error) {
      if (error instanceof ResourceHeld) return error.message;
      throw error;
    }
  }

  private async foundNow({ name, failover }: ClusterDefinition): Promise<FoundNow> {
    const found = await reachRedis(() => this.memory.findings(name));
    if (found) return found;
    throw new NobodyLooks(
      name,
      failover.heal === 'off'
        ? 'failover.heal is "off" in the cluster file'
        : 'no failover worker runs, the router does not answer, or the cluster is being built',
    );
  }

  private async propose(
    { name, failover }: ClusterDefinition,
    findings: readonly Finding[],
  ): Promise<Proposal[]> {
    const nodes = [...new Set(findings.flatMap(({ node, master }) => [node, master]))];
    const groups = [...new Set(findings.map(({ group }) => group))];
    const [seen, followed, promotions] = await reachRedis(() =>
      Promise.all([
        this.memory.lastSeen(name, nodes),
        this.memory.followed(name, nodes),
        Promise.all(groups.map(async (group) => [group, await this.memory.promotions(name, group)] as const)),
      ]),
    );
    const { discard } = failover;
    return healDryRun({ findings, seen, followed, promotions: new Map(promotions), discard });
  }
}

function isWanted(finding: Finding, { group, node }: HealFilter): boolean {
  return (group === undefined || finding.group === group) && (node === undefined || finding.node === node);
}
