import { Injectable } from '@nestjs/common';
import { failoverDefinition } from '@slotferry/failover';
import { SteeringRefused, WorkflowEngine, type WorkflowSummary } from '@slotferry/workflow';
import { Steering } from '../workflows/steering';
import { NoChoice } from './failover.errors';

interface Choice {
  readonly code: string;
  readonly note: string;
  /** `host:port` of the node that is to become master. */
  readonly choice: string;
}

/** Answers a failover that asks an operator whom to take. */
@Injectable()
export class ApproveChoice {
  constructor(
    private readonly engine: WorkflowEngine,
    private readonly steering: Steering,
  ) {}

  /**
   * Names the node and approves. The failover looks again as soon as it knows the node, so it may have gone on before it is approved,
   * or be blocked by another problem, which nobody has approved then. Throws WorkflowNotFound, NoChoice, SteeringRefused.
   */
  async approve(
    id: string,
    { code, note, choice }: Choice,
    key: string | undefined,
  ): Promise<WorkflowSummary> {
    const approval = { kind: 'approve', code, note } as const;
    const { workflow, blocked, settings } = await this.engine.get(id);
    if (workflow !== failoverDefinition.name) throw new NoChoice(id, workflow);
    if (settings.choice !== choice) {
      if (blocked?.problem.code !== code) return this.steering.ask(id, approval, key);
      await this.steering.ask(id, { kind: 'change', settings: { choice }, reason: note }, key);
    }
    try {
      return await this.steering.ask(id, approval, key);
    } catch (error) {
      if (error instanceof SteeringRefused) return this.engine.summary(id);
      throw error;
    }
  }
}
