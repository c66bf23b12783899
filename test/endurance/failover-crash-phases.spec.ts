import { failoverDefinition } from '@slotferry/failover';
import { describeStruckWorkers } from '../support/struck-workers';

describeStruckWorkers([
  ...failoverDefinition.phases.map((phase) => ({ phase, fault: 'killed' as const })),
  { phase: 'promote', fault: 'frozen' },
  { phase: 'reroute', fault: 'frozen' },
]);
