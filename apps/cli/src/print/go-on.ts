import { type WorkflowSummary } from '@slotferry/workflow';

/** What an operator can do about a workflow that stands still. */
export function goOn(workflow: WorkflowSummary): string[] {
  const { id, status, problem, unblock } = workflow;
  const remedy = problem ? [`remedy: ${problem.remedy}`] : [];
  switch (status) {
    case 'blocked':
      return [
        ...remedy,
        ...(unblock ? [`it can be unblocked by: ${unblock}`] : []),
        `then go on:   slotferry workflow retry ${id}`,
        ...approval(workflow),
        `or turn back: slotferry workflow cancel ${id}`,
      ];
    case 'failed':
      return [
        ...remedy,
        `then go on:   slotferry workflow retry ${id}`,
        `or turn back: slotferry workflow cancel ${id}`,
      ];
    case 'paused':
      return [`go on: slotferry workflow resume ${id}`];
    case 'running':
    case 'undoing':
    case 'completed':
    case 'cancelled':
      return [];
  }
}

/** Problems of a failover that a node of an operator's choice answers. */
const CHOICES = ['approval-needed', 'no-candidate', 'loss-above-limit', 'choice-refused'];
/** Of these, those that end without one as well. */
const ACCEPTABLE = ['approval-needed', 'loss-above-limit'];

/** Approving a rebalance does not help it: its moves are stuck, or its plan does not fit any more. */
function approval({ id, workflow, problem }: WorkflowSummary): string[] {
  if (!problem || workflow === 'rebalance') return [];
  const { code } = problem;
  if (workflow !== 'failover') return [`or accept it: slotferry workflow approve ${id} --code ${code}`];
  const accept = `slotferry failover approve ${id} --code ${code}`;
  if (!CHOICES.includes(code)) return [`or accept it: ${accept}`];
  return [
    ...(ACCEPTABLE.includes(code) ? [`or accept it: ${accept}`] : []),
    `or choose:    ${accept} --choose <host:port>`,
  ];
}
