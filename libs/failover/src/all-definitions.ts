import type { WorkflowDefinition } from '@slotferry/workflow';
import { failoverDefinition, rejoinDefinition, switchoverDefinition } from './definitions';

/** Every workflow of this library whose phases exist, for the registry of a worker. */
export const failoverDefinitions: readonly WorkflowDefinition<never>[] = [
  failoverDefinition,
  rejoinDefinition,
  switchoverDefinition,
];
