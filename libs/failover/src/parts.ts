import type { ClusterSource } from '@slotferry/inventory';
import type { WorkflowEngine } from '@slotferry/workflow';
import type { Notifier } from './notify';
import type { FailoverMemory } from './store/types';

/** What phases work with. */
export interface FailoverParts {
  readonly clusters: ClusterSource;
  readonly memory: FailoverMemory;
  readonly engine: WorkflowEngine;
  readonly notifier: Notifier;
  /** Directory for files that outlive the process: writes that were discarded. */
  readonly dataDir: string;
}
