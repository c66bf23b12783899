import { type WorkflowSummary } from '@slotferry/workflow';

/** What an operator can do about a workflow that stands still. */
export function goOn({ id, status, problem, unblock }: WorkflowSummary): string[] {
  const remedy = problem ? [`remedy: ${problem.remedy}`] : [];
  switch (status) {
    case 'blocked':
      return [
        ...remedy,
        ...(unblock ? [`it can be unblocked by: ${unblock}`] : []),
        `then go on:   slotferry workflow retry ${id}`,
        ...(problem ? [`or accept it: slotferry workflow approve ${id} --code ${problem.code}`] : []),
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
