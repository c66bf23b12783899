import { Injectable } from '@nestjs/common';
import { type Steering as Request, WorkflowEngine, type WorkflowSummary } from '@slotferry/workflow';
import { ADMIN } from '../access/actor';

/** What operators ask of workflows. */
@Injectable()
export class Steering {
  constructor(private readonly engine: WorkflowEngine) {}

  /**
   * Appends a request. One that was stored under the same key before is answered with the present state, also when it could
   * not be asked any more. Throws WorkflowNotFound, SteeringRefused.
   */
  async ask(id: string, request: Request, key: string | undefined): Promise<WorkflowSummary> {
    if (key !== undefined && (await this.engine.log.knows(id, `${request.kind}-${key}`))) {
      return this.engine.summary(id);
    }
    return this.engine.steer(id, request, { actor: ADMIN, commandId: key });
  }
}
