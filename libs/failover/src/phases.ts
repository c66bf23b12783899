import type { Phase } from '@slotferry/workflow';
import { failoverHandlers } from './failover/handlers';
import type { FailoverParts } from './parts';
import { rejoinHandlers } from './replicas/handlers';
import { switchoverHandlers } from './switchover';

export type { FailoverParts } from './parts';

/** The handlers of all phases, for the registry of a worker. */
export function failoverPhases(parts: FailoverParts): Phase<never>[] {
  return [...failoverHandlers(parts), ...rejoinHandlers(parts), ...switchoverHandlers(parts)];
}
