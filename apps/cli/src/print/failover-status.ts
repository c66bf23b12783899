import { showDuration } from '../duration';
import { type FailoverGroup, type FailoverStatus } from '../http/failover-answers';
import { table } from './table';
import { dateTime } from './time';

/** Who watches a cluster, how its masters do, and what would happen by itself. */
export function showFailoverStatus(status: FailoverStatus): string {
  const { cluster, checkedAt, maintenance, routerProblem } = status;
  return [
    `cluster ${cluster}, looked at ${checkedAt}`,
    ...(maintenance
      ? [`MAINTENANCE since ${dateTime(maintenance.since)} by ${maintenance.by}: ${maintenance.reason}`]
      : []),
    ...(routerProblem
      ? [`ROUTER NOT REACHABLE: ${routerProblem.message}; the groups are those of the cluster file`]
      : []),
    workers(status),
    '',
    groups(status.groups),
    ...remarks(status),
  ].join('\n');
}

function workers({ workers: all }: FailoverStatus): string {
  if (all.length === 0) return 'NOBODY WATCHES: start failover workers';
  return `watched by ${all.map(({ worker }) => worker).join(', ')}`;
}

function groups(all: readonly FailoverGroup[]): string {
  const heads = [
    'GROUP',
    'MASTER',
    'REPLICAS',
    'MODE',
    'STATE',
    'BY ITSELF',
    'LAST CHANGE OF MASTER',
    'UNDER WAY',
  ];
  return table(
    heads,
    all.map(({ group, master, replicas, mode, analysis, refusal, promotion, open }) => [
      String(group),
      master,
      replicas.join(' ') || 'NONE',
      mode,
      analysis,
      refusal === null ? 'FAILOVER BEGINS' : refusal.code === 'not-down' ? 'nothing to do' : refusal.code,
      promotion ? `${dateTime(promotion.at)} from ${promotion.oldMaster}` : '-',
      open.map(({ id, status, phase }) => `${id} ${status} at ${phase}`).join(', ') || '-',
    ]),
  );
}

/** What the table has no room for. */
function remarks({ groups: all, workers: voters }: FailoverStatus): string[] {
  const lines = [
    ...all
      .filter(needsWords)
      .flatMap(({ group, why, refusal }) => [
        `group ${group}: ${why}`,
        ...(refusal ? [`  ${refusal.code}: ${refusal.message}`] : []),
      ]),
    ...all.flatMap(({ open }) =>
      open.flatMap(({ id, problem }) =>
        problem ? [`${id}: ${problem.message}`, `  remedy: ${problem.remedy}`] : [],
      ),
    ),
    ...voters.flatMap(({ worker, complaints }) =>
      complaints.map(
        ({ node, condition, silentMs }) =>
          `${worker}: ${node} is ${condition}${silentMs > 0 ? ` for ${showDuration(silentMs)}` : ''}`,
      ),
    ),
  ];
  return lines.length > 0 ? ['', ...lines] : [];
}

function needsWords({ analysis, refusal }: FailoverGroup): boolean {
  return analysis !== 'Healthy' || refusal?.code !== 'not-down';
}
