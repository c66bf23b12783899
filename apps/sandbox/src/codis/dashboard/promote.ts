import { refuse } from '../protocol/codis-error';
import { type Group } from '../protocol/models';
import { serverIndex } from './groups';
import { NodeClient } from './node-client';
import { setMaster } from './node-commands';
import { resyncSlots } from './resync';
import { withGroup } from './slot-view';
import { type Topom } from './topom';

/**
 * Makes another server of a group its master. Nobody looks whether that server is alive or a replica. When a proxy fails, the group
 * stays `preparing` and refuses changes until the same call succeeds.
 */
export async function promoteServer(topom: Topom, groupId: number, server: string): Promise<void> {
  const { cluster } = topom;
  checkPromotion(topom, cluster.group(groupId), server);
  if (state(topom, groupId) === undefined) {
    const group = cluster.group(groupId);
    cluster.saveGroup({ ...group, promoting: { index: serverIndex(group, server), state: 'preparing' } });
  }
  if (state(topom, groupId) === 'preparing') await lockSlots(topom, cluster.group(groupId));
  if (state(topom, groupId) === 'prepared') await reorder(topom, cluster.group(groupId));
  await resyncSlots(topom, cluster.slotsOf(groupId));
  const { id, servers } = cluster.group(groupId);
  cluster.saveGroup({ id, servers, promoting: {}, out_of_sync: false });
}

function state(topom: Topom, groupId: number): Group['promoting']['state'] {
  return topom.cluster.group(groupId).promoting.state;
}

function checkPromotion(topom: Topom, group: Group, server: string): void {
  const index = serverIndex(group, server);
  const { promoting } = group;
  if (promoting.state !== undefined && index !== (promoting.index ?? 0)) {
    throw refuse(`group-[${group.id}] is promoting index = ${promoting.index ?? 0}`);
  }
  if (promoting.state === undefined && index === 0) throw refuse(`group-[${group.id}] can't promote master`);
  const running = topom.action.executor;
  if (running !== 0) throw refuse(`slots-migration is running = ${running}`);
}

/** All proxies hold the group's requests, or none does. */
async function lockSlots(topom: Topom, group: Group): Promise<void> {
  const prepared: Group = { ...group, promoting: { ...group.promoting, state: 'prepared' } };
  const slots = topom.cluster.slotsOf(group.id);
  try {
    await resyncSlots(topom, slots, withGroup(topom.view, prepared));
  } catch (error) {
    await resyncSlots(topom, slots).catch(() => undefined); // the first error is the one that counts
    throw error;
  }
  topom.cluster.saveGroup(prepared);
}

/** The new master first, the others in their order, the old master last; then the new master is told. */
async function reorder(topom: Topom, group: Group): Promise<void> {
  const chosen = group.promoting.index ?? 0;
  const others = group.servers.filter((_, index) => index !== chosen && index !== 0);
  const [oldMaster, newMaster] = [group.servers[0], group.servers[chosen]];
  if (!oldMaster || !newMaster) throw refuse(`group-[${group.id}] action state is invalid`);
  const servers = [newMaster, ...others, oldMaster].map((one) => ({ ...one, action: {} }));
  topom.cluster.saveGroup({ ...group, servers, promoting: { state: 'finished' } });
  await tellMaster(topom, newMaster.server);
}

async function tellMaster(topom: Topom, address: string): Promise<void> {
  const { productAuth: password, timings } = topom.config;
  const options = { password, connectMs: timings.connectMs, commandMs: timings.connectMs };
  try {
    const client = await NodeClient.open(address, options);
    await setMaster(client, 'NO:ONE', password).finally(() => client.close());
  } catch {
    // The real dashboard logs it and goes on: a dead server is promoted, and Pika answers errors to MULTI.
  }
  topom.assertOnline();
}
