import { type GroupAnalysis, policyOf, type FailoverSettings } from '@slotferry/cluster';
import { CommandIdReused, ResourceHeld, type WorkflowEngine } from '@slotferry/workflow';
import { failoverDefinition, type FailoverInput } from '../definitions';
import type { FailoverMemory } from '../store/types';

export interface StarterParts {
  readonly cluster: string;
  readonly worker: string;
  readonly memory: FailoverMemory;
  readonly engine: WorkflowEngine;
}

/** Starts failovers. However many workers do, there is one workflow a group and epoch. */
export class Starter {
  private readonly told = new Set<string>();

  constructor(private readonly parts: StarterParts) {}

  /** True when a failover of the group is under way now. Throws what engine and memory throw when Redis does not answer. */
  async start(
    analysis: GroupAnalysis,
    epoch: number,
    settings: FailoverSettings,
    now: number,
  ): Promise<boolean> {
    const { cluster, worker, engine, memory } = this.parts;
    const { group, master, decision } = analysis;
    if (decision.kind !== 'start') return false;
    const input: FailoverInput = { cluster, group, epoch, master, approvalNeeded: decision.approvalNeeded };
    const actor = `worker:${worker}`;
    try {
      const commandId = `${cluster}-${group}-${epoch}`;
      const { id, startedBy, endedAt } = await engine.start(failoverDefinition, input, { actor, commandId });
      if (endedAt !== null) {
        // It ended without a new master, cancelled as a rule. Another one is another epoch, and not at once.
        await memory.endEpoch(cluster, group, {
          epoch,
          blockedUntil: now + policyOf(settings, group).blockMs,
        });
        return false;
      }
      if (startedBy === actor) await this.tell(analysis, id, now);
      return true;
    } catch (error) {
      // Somebody works on the group already; or it was started with other settings a moment ago.
      if (error instanceof ResourceHeld || error instanceof CommandIdReused) return true;
      throw error;
    }
  }

  private async tell(
    { group, master, why, against, counted, quorum }: GroupAnalysis,
    workflow: string,
    now: number,
  ): Promise<void> {
    if (this.told.has(workflow)) return;
    this.told.add(workflow);
    await this.parts.memory.addHistory(this.parts.cluster, {
      at: now,
      group,
      kind: 'decision',
      code: 'failover-started',
      message: `${master} is to be replaced. ${why}`,
      workflow,
      details: { master, against: [...against], counted, quorum },
    });
  }
}
