import { type AdminRequest, type Route } from '../http/routes';
import { guarded, parameter } from '../http/xauth-routes';
import { integerParameter, sortedByKey } from '../protocol/go-format';
import {
  addServer,
  createGroup,
  probeServer,
  removeGroup,
  removeServer,
  setAllReplicaGroups,
  setReplicaGroup,
} from './groups';
import { NodeClient } from './node-client';
import { fullInfo } from './node-commands';
import { promoteServer } from './promote';
import { resyncGroup } from './resync';
import { createSyncAction, removeSyncAction } from './sync-actions';
import { type Topom } from './topom';

const gid = (request: AdminRequest): number => integerParameter('gid', parameter(request, 'gid'));
const value = (request: AdminRequest): boolean =>
  integerParameter('value', parameter(request, 'value')) !== 0;
const addr = (request: AdminRequest): string => parameter(request, 'addr');

export function groupRoutes(topom: Topom): Route[] {
  const { cluster } = topom;
  const add = async (request: AdminRequest): Promise<void> => {
    const id = gid(request);
    await probeServer(topom, addr(request));
    await topom.locked(() => addServer(cluster, id, addr(request), parameter(request, 'datacenter')));
  };
  return [
    {
      method: 'GET',
      path: '/api/topom/group/info/:addr',
      handler: (request) => serverInfo(topom, addr(request)),
    },
    change(
      topom,
      'create/:xauth/:gid',
      withId(topom, (id) => createGroup(cluster, id)),
    ),
    change(
      topom,
      'remove/:xauth/:gid',
      withId(topom, (id) => removeGroup(cluster, id)),
    ),
    change(topom, 'add/:xauth/:gid/:addr', add),
    change(topom, 'add/:xauth/:gid/:addr/:datacenter', add),
    change(
      topom,
      'del/:xauth/:gid/:addr',
      withId(topom, (id, request) => removeServer(cluster, id, addr(request))),
    ),
    change(
      topom,
      'promote/:xauth/:gid/:addr',
      withId(topom, (id, request) => promoteServer(topom, id, addr(request))),
    ),
    change(
      topom,
      'resync/:xauth/:gid',
      withId(topom, (id) => resyncGroup(topom, cluster.group(id))),
    ),
    change(topom, 'resync-all/:xauth', () => topom.locked(() => resyncAll(topom))),
    change(topom, 'replica-groups/:xauth/:gid/:addr/:value', async (request) => {
      const [id, enabled] = [gid(request), value(request)];
      await topom.locked(() => setReplicaGroup(cluster, id, addr(request), enabled));
    }),
    change(topom, 'replica-groups-all/:xauth/:value', async (request) => {
      const enabled = value(request);
      await topom.locked(() => setAllReplicaGroups(cluster, enabled));
    }),
    change(topom, 'action/create/:xauth/:addr', (request) =>
      topom.locked(() => createSyncAction(cluster, addr(request))),
    ),
    change(topom, 'action/remove/:xauth/:addr', (request) =>
      topom.locked(() => removeSyncAction(cluster, addr(request))),
    ),
  ];
}

type Work = (request: AdminRequest) => Promise<void>;

function change(topom: Topom, path: string, work: Work): Route {
  return guarded('PUT', `/api/topom/group/${path}`, topom.xauth, async (request) => {
    await work(request);
    return 'OK';
  });
}

/** The group's id is checked before the state of the dashboard. */
function withId(topom: Topom, work: (id: number, request: AdminRequest) => void | Promise<void>): Work {
  return async (request) => {
    const id = gid(request);
    await topom.locked(() => work(id, request));
  };
}

async function resyncAll(topom: Topom): Promise<void> {
  for (const group of topom.cluster.groups) await resyncGroup(topom, group);
}

/** Connects to any address, also outside the cluster, and sends it the password. */
async function serverInfo(topom: Topom, address: string): Promise<Record<string, string>> {
  const { connectMs } = topom.config.timings;
  const options = { password: topom.config.productAuth, connectMs, commandMs: connectMs };
  const client = await NodeClient.open(address, options);
  const fields = await fullInfo(client).finally(() => client.close());
  return sortedByKey(fields);
}
