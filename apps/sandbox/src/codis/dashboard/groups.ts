import { refuse } from '../protocol/codis-error';
import { type Group, MAX_GROUP_ID } from '../protocol/models';
import { type ClusterState } from './cluster-state';
import { NodeClient } from './node-client';
import { type Topom } from './topom';

export function createGroup(cluster: ClusterState, id: number): void {
  if (id <= 0 || id > MAX_GROUP_ID) throw refuse(`invalid group id = ${id}, out of range`);
  if (cluster.findGroup(id)) throw refuse(`group-[${id}] already exists`);
  cluster.saveGroup({ id, servers: [], promoting: {}, out_of_sync: false });
}

export function removeGroup(cluster: ClusterState, id: number): void {
  if (cluster.group(id).servers.length > 0) throw refuse(`group-[${id}] isn't empty`);
  cluster.removeGroup(id);
}

/**
 * Asks a server for its slots: proof that it belongs into a sharded cluster. Nothing is locked meanwhile.
 * @throws CodisError the connection's or the server's error
 */
export async function probeServer(topom: Topom, address: string): Promise<void> {
  const { connectMs } = topom.config.timings;
  const options = { password: topom.config.productAuth, connectMs, commandMs: connectMs };
  const client = await NodeClient.open(address, options);
  try {
    await client.command('SLOTSINFO');
  } finally {
    client.close();
  }
}

/** Appends a server at the end; the first one is the master. */
export function addServer(cluster: ClusterState, id: number, server: string, datacenter: string): void {
  const taken = cluster.groups.some((group) => group.servers.some((one) => one.server === server));
  if (taken) throw refuse(`server-[${server}] already exists`);
  const group = unpromoted(cluster.group(id));
  const added = { server, datacenter, action: {}, replica_group: false };
  cluster.saveGroup({ ...group, servers: [...group.servers, added] });
}

/** Removes the record of a server; the server is not told. */
export function removeServer(cluster: ClusterState, id: number, server: string): void {
  const group = cluster.group(id);
  const index = serverIndex(group, server);
  unpromoted(group);
  if (index === 0 && (group.servers.length !== 1 || cluster.slotsOf(id).length > 0)) {
    throw refuse(`group-[${id}] can't remove master, still in use`);
  }
  const servers = group.servers.filter((one) => one.server !== server);
  const lostReplica = index !== 0 && group.servers[index]?.replica_group === true;
  cluster.saveGroup({
    ...group,
    servers,
    out_of_sync: servers.length > 0 && (group.out_of_sync || lostReplica),
  });
}

/** Lets proxies read from one server; they know after the next resync. */
export function setReplicaGroup(cluster: ClusterState, id: number, server: string, enabled: boolean): void {
  const group = cluster.group(id);
  serverIndex(group, server);
  unpromoted(group);
  markReplicas(cluster, group, (one) => one === server, enabled);
}

/** The same for every server of every group. */
export function setAllReplicaGroups(cluster: ClusterState, enabled: boolean): void {
  for (const group of cluster.groups) markReplicas(cluster, unpromoted(group), () => true, enabled);
}

/** @throws CodisError when the server is not in the group */
export function serverIndex(group: Group, server: string): number {
  const index = group.servers.findIndex((one) => one.server === server);
  if (index < 0) throw refuse(`group-[${group.id}] doesn't have server-[${server}]`);
  return index;
}

/** @throws CodisError when a promotion is open */
export function unpromoted(group: Group): Group {
  if (group.promoting.state !== undefined) throw refuse(`group-[${group.id}] is promoting`);
  return group;
}

function markReplicas(
  cluster: ClusterState,
  group: Group,
  isMeant: (server: string) => boolean,
  enabled: boolean,
): void {
  const changesProxies = group.servers.length !== 1 && cluster.slotsOf(group.id).length > 0;
  const servers = group.servers.map((one) =>
    isMeant(one.server) ? { ...one, replica_group: enabled } : one,
  );
  cluster.saveGroup({ ...group, servers, out_of_sync: group.out_of_sync || changesProxies });
}
