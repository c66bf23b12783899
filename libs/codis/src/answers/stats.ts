import { type RouterGroup, type RouterProxy, type RouterView, type SlotRoute } from '@slotferry/cluster';

import { withoutKeys } from '../refusal';
import {
  count,
  field,
  type Fields,
  flag,
  list,
  object,
  optionalField,
  type Read,
  ShapeError,
  text,
} from './shape';
import { SLOT_COUNT, slotMapping } from './slot-mapping';

/** The dashboard's `stats` as a view. It does not name the product, so the caller does. */
export function readStats(value: unknown, product: string): RouterView {
  const stats = object(value, 'stats');
  return {
    product,
    routes: readSlots(stats),
    groups: readGroups(stats),
    ...readProxies(stats),
    ...readActions(stats),
  };
}

/** All slots of `stats`, by number. */
export function readSlots(stats: Fields): SlotRoute[] {
  const routes = field(stats, 'slots', list(slotMapping), 'stats').sort((a, b) => a.slot - b.slot);
  const complete = routes.length === SLOT_COUNT && routes.every((route, index) => route.slot === index);
  if (!complete)
    throw new ShapeError('stats.slots', `each slot from 0 to ${SLOT_COUNT - 1} once`, stats.slots);
  return routes;
}

function readGroups(stats: Fields): RouterGroup[] {
  return field(field(stats, 'group', object, 'stats'), 'models', list(group), 'stats.group');
}

const group: Read<RouterGroup> = (value, path) => {
  const fields = object(value, path);
  const promoting = field(fields, 'promoting', object, path);
  return {
    id: field(fields, 'id', count, path),
    servers: field(fields, 'servers', list(server), path),
    promoting: (optionalField(promoting, 'state', text, `${path}.promoting`) ?? '') !== '',
    outOfSync: field(fields, 'out_of_sync', flag, path),
  };
};

const server: Read<string> = (value, path) => field(object(value, path), 'server', text, path);

function readProxies(stats: Fields): Pick<RouterView, 'proxies'> {
  const proxy = field(stats, 'proxy', object, 'stats');
  const looks = field(proxy, 'stats', object, 'stats.proxy');
  return { proxies: field(proxy, 'models', list(proxyWith(looks)), 'stats.proxy') };
}

function proxyWith(looks: Fields): Read<RouterProxy> {
  return (value, path) => {
    const fields = object(value, path);
    const token = field(fields, 'token', text, path);
    return {
      token,
      admin: field(fields, 'admin_addr', text, path),
      address: field(fields, 'proxy_addr', text, path),
      problem: problem(looks[token], `stats.proxy.stats.${token}`),
    };
  };
}

/** Why the dashboard's last look at a proxy, once a second, was not a good one. */
const problem: Read<string | null> = (value, path) => {
  if (value === undefined) return 'the dashboard has not looked at it yet';
  const look = object(value, path);
  const error = optionalField(look, 'error', object, path);
  if (error !== null) return withoutKeys(field(error, 'Cause', text, `${path}.error`));
  if (optionalField(look, 'timeout', flag, path) === true) return 'it did not answer the dashboard within 1s';
  const stats = field(look, 'stats', object, path);
  if (field(stats, 'closed', flag, `${path}.stats`)) return 'it is shutting down';
  return field(stats, 'online', flag, `${path}.stats`) ? null : 'it is not online';
};

function readActions(stats: Fields): Pick<RouterView, 'handovers'> {
  const path = 'stats.slot_action';
  const actions = field(stats, 'slot_action', object, 'stats');
  return {
    handovers: {
      disabled: field(actions, 'disabled', flag, path),
      intervalMicros: field(actions, 'interval', count, path),
      executing: field(actions, 'executor', count, path),
      status: field(field(actions, 'progress', object, path), 'status', text, `${path}.progress`),
    },
  };
}
