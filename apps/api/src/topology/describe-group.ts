import { type RouterGroup, type RouterView, type SlotRef, type Topology } from '@slotferry/cluster';
import { type NodeView } from './node-view';
import { bySlotTable, replicationOf } from './replication';
import { type GroupDto, type NodeDto } from './topology.dto';

/** The groups to show: the router's, then those that only the definition has. */
export function groupsOf(definition: Topology, view: RouterView | null): RouterGroup[] {
  const known = view?.groups ?? [];
  const defined = definition.groups
    .filter(({ id }) => !known.some((group) => group.id === id))
    .map(({ id, nodes }) => ({ id, servers: nodes, promoting: false, outOfSync: false }));
  return [...known, ...defined].sort((a, b) => a.id - b.id);
}

/** One group: what it owns, and how each of its nodes does. */
export function describeGroup(
  { id, servers, promoting, outOfSync }: RouterGroup,
  view: RouterView | null,
  nodes: readonly NodeView[],
  lagLimit: number,
): GroupDto {
  const owned = view?.routes.filter(({ group }) => group === id) ?? null;
  const views = servers.flatMap((address) => nodes.find((node) => node.address === address) ?? []);
  const [master, ...replicas] = servers;
  return {
    id,
    slots: owned && bySlotTable(owned),
    master: master ?? null,
    replicas,
    promoting,
    outOfSync,
    nodes: views.map((node) => describeNode(node, views[0], owned, lagLimit)),
  };
}

function describeNode(
  node: NodeView,
  master: NodeView | undefined,
  owned: readonly SlotRef[] | null,
  lagLimit: number,
): NodeDto {
  const { address, problem, version, uptimeSeconds } = node;
  const isReplica = node !== master;
  // A master goes on listing a dead replica for a while: what it says of one that does not answer is not told.
  const canTell = isReplica && problem === null && master?.problem === null && owned !== null;
  return {
    address,
    role: isReplica ? 'replica' : 'master',
    reachable: problem === null,
    problem,
    version,
    uptimeSeconds,
    holds: [...node.tables].flatMap(([table, slots]) =>
      bySlotTable([...slots.keys()].map((slot) => ({ table, slot }))),
    ),
    replication: canTell ? replicationOf(address, master, owned, lagLimit) : null,
  };
}
