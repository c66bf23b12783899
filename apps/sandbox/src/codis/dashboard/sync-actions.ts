import { refuse } from '../protocol/codis-error';
import { type Group, type GroupServer } from '../protocol/models';
import { type ClusterState } from './cluster-state';
import { unpromoted } from './groups';
import { NodeClient } from './node-client';
import { setMaster } from './node-commands';
import { type Topom } from './topom';

/** A sync action may take this long, in milliseconds. */
const SYNC_LIMIT_MS = 30 * 60_000;

/** Queues the repointing of a server to the master of its group. */
export function createSyncAction(cluster: ClusterState, address: string): void {
  const { group, server } = find(cluster, address);
  unpromoted(group);
  if (server.action.state === 'pending') throw refuse(`server-[${address}] action already exist`);
  const pending = pendingServers(cluster).map((one) => one.action.index ?? 0);
  save(cluster, group, address, { index: Math.max(0, ...pending) + 1, state: 'pending' });
}

/** Clears whatever state the action has. */
export function removeSyncAction(cluster: ClusterState, address: string): void {
  const { group, server } = find(cluster, address);
  unpromoted(group);
  if (server.action.state === undefined) throw refuse(`server-[${address}] action doesn't exist`);
  save(cluster, group, address, {});
}

/** Carries out the action with the lowest index, if there is one. A group under promotion holds up the queue. */
export async function processSyncAction(topom: Topom): Promise<void> {
  const started = await topom.locked(() => begin(topom.cluster));
  if (!started) return;
  const state = await repoint(topom, started).then(
    () => 'synced' as const,
    () => 'synced_failed' as const, // the reason stays in the log of the real dashboard
  );
  await topom.locked(() => {
    const { group, server } = find(topom.cluster, started.address);
    if (group.promoting.state === undefined && server.action.state === 'syncing') {
      save(topom.cluster, group, started.address, { state });
    }
  });
}

interface Started {
  readonly address: string;
  readonly master: string;
}

function begin(cluster: ClusterState): Started | undefined {
  const [next] = pendingServers(cluster).sort(
    (left, right) => (left.action.index ?? 0) - (right.action.index ?? 0),
  );
  if (!next) return undefined;
  const { group } = find(cluster, next.server);
  if (group.promoting.state !== undefined) return undefined;
  save(cluster, group, next.server, { state: 'syncing' });
  const master = group.servers[0]?.server ?? '';
  return { address: next.server, master: master === next.server ? 'NO:ONE' : master };
}

async function repoint(topom: Topom, { address, master }: Started): Promise<void> {
  const { productAuth: password, timings } = topom.config;
  const client = await NodeClient.open(address, {
    password,
    connectMs: timings.connectMs,
    commandMs: SYNC_LIMIT_MS,
  });
  await setMaster(client, master, password).finally(() => client.close());
}

function pendingServers(cluster: ClusterState): GroupServer[] {
  return cluster.groups
    .flatMap((group) => group.servers)
    .filter((server) => server.action.state === 'pending');
}

function find(cluster: ClusterState, address: string): { group: Group; server: GroupServer } {
  for (const group of cluster.groups) {
    const server = group.servers.find((one) => one.server === address);
    if (server) return { group, server };
  }
  throw refuse(`server-[${address}] doesn't exist`);
}

function save(cluster: ClusterState, group: Group, address: string, action: GroupServer['action']): void {
  const servers = group.servers.map((one) => (one.server === address ? { ...one, action } : one));
  cluster.saveGroup({ ...group, servers });
}
