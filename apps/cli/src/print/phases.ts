import { showDuration } from '../duration';
import { type WorkflowDetails } from '../http/answers';

/** Every phase with the time it took, and how long clients were held. */
export function showPhases({ phases, phaseRecords, phase, facts, endedAt }: WorkflowDetails): string {
  const width = Math.max(...phases.map((name) => name.length));
  const lines = phases.map((name) => {
    const record = phaseRecords.find((one) => one.phase === name);
    if (record?.completedAt)
      return `  ${name.padEnd(width)}  ${showDuration(record.completedAt - record.enteredAt)}`;
    const state = name === phase && endedAt === null ? 'under way' : '-';
    return `  ${name.padEnd(width)}  ${state}`;
  });
  const { heldMs } = facts;
  return [
    ...lines,
    ...(typeof heldMs === 'number' ? [`clients were held for ${showDuration(heldMs)}`] : []),
  ].join('\n');
}
