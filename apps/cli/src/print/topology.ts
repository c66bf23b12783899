import { type TableSlots, type Topology, type TopologyGroup, type TopologyNode } from '../http/answers';
import { table } from './table';

/** A cluster as it is now, for people. */
export function showTopology(topology: Topology): string {
  const { cluster, router, checkedAt } = topology;
  return [
    `cluster ${cluster}, router ${router.address}: ${routerState(router)}, looked at ${checkedAt}`,
    groups(topology.groups),
    proxies(topology.proxies),
    ...remarks(topology),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Slots of one or several tables: `0-3,8`, or `0-3 (table 0), 8 (table 1)`. */
export function showSlots(slots: readonly TableSlots[]): string {
  if (slots.every(({ table: id }) => id === 0)) return slots.map(({ slots: text }) => text).join(',') || '-';
  return slots.map(({ table: id, slots: text }) => `${text} (table ${id})`).join(', ');
}

function routerState({ reachable, handoversDisabled }: Topology['router']): string {
  if (!reachable) return 'NOT REACHABLE';
  return handoversDisabled ? 'reachable, HANDOVERS DISABLED' : 'reachable';
}

function groups(all: readonly TopologyGroup[]): string {
  const heads = ['GROUP', 'OWNS', 'NODE', 'ROLE', 'STATE', 'PIKA', 'HOLDS', 'REPLICATION'];
  return table(
    heads,
    all.flatMap((group) => group.nodes.map((node, index) => nodeRow(group, node, index))),
  );
}

function nodeRow(group: TopologyGroup, node: TopologyNode, index: number): string[] {
  const first = index === 0;
  return [
    first ? `${group.id}${marks(group)}` : '',
    first ? (group.slots ? showSlots(group.slots) : '?') : '',
    node.address,
    node.role,
    node.reachable ? 'ok' : 'NOT REACHABLE',
    node.version ?? '?',
    node.reachable ? showSlots(node.holds) : '?',
    replication(node),
  ];
}

function marks({ promoting, outOfSync }: TopologyGroup): string {
  return `${promoting ? ' promoting' : ''}${outOfSync ? ' out of sync' : ''}`;
}

function replication({ role, replication: found }: TopologyNode): string {
  if (role === 'master') return '';
  if (!found) return 'not known';
  const { attached, lagging, missing, maxLagBytes } = found;
  const parts = [
    ...(attached.length > 0 ? [`${count(attached)} attached`] : []),
    ...(lagging.length > 0 ? [`LAGGING: ${showSlots(lagging)}`] : []),
    ...(missing.length > 0 ? [`MISSING: ${showSlots(missing)}`] : []),
    ...(maxLagBytes === null ? [] : [`lag ${maxLagBytes} B`]),
  ];
  return parts.join(', ') || 'nothing to follow';
}

function count(slots: readonly TableSlots[]): number {
  return slots.reduce((sum, { count: ofTable }) => sum + ofTable, 0);
}

function proxies(all: Topology['proxies']): string {
  if (all.length === 0) return '';
  const rows = all.map(({ address, admin, problem }) => [address, admin, problem === null ? 'ok' : problem]);
  return table(['PROXY', 'ADMIN', 'STATE'], rows);
}

function remarks({ handovers, offline, unreachable, differences }: Topology): string[] {
  return [
    list(
      'Handovers at the router:',
      handovers.map(({ slot, table: id, from, to, state }) => {
        const name = id === 0 ? `slot ${slot}` : `slot ${slot} of table ${id}`;
        return `${name} from group ${from ?? '-'} to group ${to} (${state})`;
      }),
    ),
    list('No group owns:', offline.length > 0 ? [`slots ${showSlots(offline)}`] : []),
    list(
      'Not reachable:',
      unreachable.map(({ part, message, remedy }) => `${part}: ${message}\n    remedy: ${remedy}`),
    ),
    list('Differs from the cluster file:', differences),
  ];
}

function list(title: string, entries: readonly string[]): string {
  return entries.length === 0 ? '' : [title, ...entries.map((entry) => `  ${entry}`)].join('\n');
}
