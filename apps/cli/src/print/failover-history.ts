import { type FailoverHistory } from '../http/failover-answers';
import { table } from './table';
import { dateTime } from './time';

/** What happened to the groups of a cluster and what did not, newest first. */
export function showFailoverHistory({ entries }: FailoverHistory): string {
  if (entries.length === 0) return 'nothing has happened yet';
  const heads = ['TIME', 'GROUP', 'KIND', 'CODE', 'WORKFLOW', 'WHAT'];
  return table(
    heads,
    entries.map(({ at, group, kind, code, workflow, message }) => [
      dateTime(at),
      group === 0 ? 'all' : String(group),
      kind,
      code,
      workflow ?? '-',
      message,
    ]),
  );
}
