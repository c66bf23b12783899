import { type Healed, type HealPlan } from '../http/failover-answers';
import { announce } from './announce';
import { dateTime } from './time';

/** What is wrong with replicas, and what would be done about it. */
export function showHealPlan({ cluster, mode, lookedAt, proposals }: HealPlan): string {
  const head = `cluster ${cluster}, heal mode ${mode}, looked at ${dateTime(lookedAt)}`;
  if (proposals.length === 0) return `${head}\nall replicas follow their masters`;
  const parts = proposals.map(({ finding, steps, discardedBytes }) =>
    [
      `group ${finding.group}: ${finding.message} (${finding.code}, since ${dateTime(finding.since)})`,
      ...steps.map(({ message }) => `  - ${message}`),
      ...(discardedBytes === 0 ? [] : [`  writes that only this node holds: ${bytes(discardedBytes)}`]),
    ].join('\n'),
  );
  return [head, ...parts].join('\n\n');
}

/** What was begun, and what was not. */
export function showHealed({ workflows, postponed }: Healed): string {
  const lines = [
    ...workflows.map(announce),
    ...postponed.map(({ finding, why }) => `not begun: ${finding.message}; ${why}`),
  ];
  return lines.join('\n') || 'nothing is to be mended';
}

function bytes(count: number | null): string {
  return count === null ? 'they cannot be counted' : `${count} bytes of binlog`;
}
