import { summarise, type WorkflowState } from '@slotferry/workflow';
import { type WorkflowDetailsDto } from './workflow-details.dto';

/** All there is to say about a workflow, except its events. */
export function describeWorkflow(state: WorkflowState): WorkflowDetailsDto {
  const { phases, phaseRecords, facts, steps, settings, approvals } = state;
  return {
    ...summarise(state),
    phaseRecords: phases.flatMap((phase) => {
      const record = phaseRecords[phase];
      return record ? [{ phase, ...record }] : [];
    }),
    facts,
    steps,
    settings,
    approvals,
  };
}
