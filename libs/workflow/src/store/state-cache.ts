import type { WorkflowState } from '../state';

/** The last known states, so that a load reads only what is new. Drops the one not used for longest. */
export class StateCache {
  private readonly states = new Map<string, WorkflowState>();

  constructor(private readonly limit: number) {}

  get(workflowId: string): WorkflowState | undefined {
    return this.states.get(workflowId);
  }

  drop(workflowId: string): void {
    this.states.delete(workflowId);
  }

  put(state: WorkflowState): void {
    const known = this.states.get(state.id);
    if (known && known.head.version > state.head.version) return;
    this.states.delete(state.id);
    this.states.set(state.id, state);
    if (this.states.size <= this.limit) return;
    const oldest = this.states.keys().next();
    if (!oldest.done) this.states.delete(oldest.value);
  }
}
