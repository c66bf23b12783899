import type { ClusterSource } from '@slotferry/inventory';
import type { Phase, WorkflowEngine } from '@slotferry/workflow';
import type { Notifier } from './notify';
import type { FailoverMemory } from './store/types';
import { switchoverHandlers } from './switchover';

/** What phases work with. */
export interface FailoverParts {
  readonly clusters: ClusterSource;
  readonly memory: FailoverMemory;
  readonly engine: WorkflowEngine;
  readonly notifier: Notifier;
}

/** The handlers of all phases, for the registry of a worker. */
export function failoverPhases(parts: FailoverParts): Phase<never>[] {
  return [...switchoverHandlers(parts)];
}
