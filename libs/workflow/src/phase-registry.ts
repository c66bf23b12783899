import type { WorkflowDefinition } from './definition';
import type { JsonObject } from './json';
import type { Phase } from './phase';
import { RegistryFault } from './workflow.errors';

/** All workflows a process can run, each phase with its one handler. Refuses a missing, a double or a stray handler. */
export class PhaseRegistry {
  private readonly definitions = new Map<string, WorkflowDefinition>();
  private readonly phases = new Map<string, Phase>();

  // Definitions and phases differ in their input types; the registry pairs them by name.
  constructor(definitions: readonly WorkflowDefinition<never>[], phases: readonly Phase<never>[]) {
    for (const one of definitions as readonly unknown[] as readonly WorkflowDefinition[]) {
      if (this.definitions.has(one.name)) throw new RegistryFault(`workflow ${one.name} is defined twice`);
      this.definitions.set(one.name, one);
    }
    for (const phase of phases as readonly unknown[] as readonly Phase[]) this.add(phase);
    for (const { name, phases: names } of this.definitions.values()) {
      const missing = names.filter((phase) => !this.phases.has(`${name}/${phase}`));
      if (missing.length > 0)
        throw new RegistryFault(`workflow ${name} has no handler for: ${missing.join(', ')}`);
    }
  }

  /** Queues that this process serves. */
  get queues(): string[] {
    return [...new Set([...this.definitions.values()].map((one) => one.queue))];
  }

  handles(workflow: string): boolean {
    return this.definitions.has(workflow);
  }

  definition<I extends JsonObject = JsonObject>(workflow: string): WorkflowDefinition<I> {
    const found = this.definitions.get(workflow);
    if (!found) throw new RegistryFault(`workflow ${workflow} is not known here`);
    return found;
  }

  phase(workflow: string, name: string): Phase {
    const found = this.phases.get(`${workflow}/${name}`);
    if (!found) throw new RegistryFault(`there is no phase ${name} in workflow ${workflow}`);
    return found;
  }

  /** Does the job of this phase let all others of its queue go first? */
  yields(workflow: string, phase: string): boolean {
    return this.definitions.get(workflow)?.yielding?.includes(phase) === true;
  }

  private add(phase: Phase): void {
    const key = `${phase.workflow}/${phase.name}`;
    if (this.phases.has(key)) throw new RegistryFault(`phase ${key} has two handlers`);
    if (!this.definitions.get(phase.workflow)?.phases.includes(phase.name)) {
      throw new RegistryFault(`phase ${key} belongs to no defined workflow`);
    }
    this.phases.set(key, phase);
  }
}
