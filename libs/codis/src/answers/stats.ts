import { type RouterGroup, type RouterProxy, type RouterView, type SlotRoute } from '@slotferry/cluster';

import { withoutKeys } from '../refusal';
import { withoutSlots } from './find-slot';
import { readText } from './read-answer';
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
import { ONLY_TABLE, SLOT_COUNT, slotMapping } from './slot-mapping';

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

/**
 * The same from the text of `stats`. Its 1,024 slots are most of it, and are read when somebody asks for them. Throws SyntaxError and
 * ShapeError, the first look at the routes CodisError `bad-answer`.
 */
export function readView(text: string, product: string, asked: string): RouterView {
  const rest = withoutSlots(text);
  if (rest === null) return readStats(JSON.parse(text), product);
  const stats = object(JSON.parse(rest), 'stats');
  let routes: SlotRoute[] | undefined;
  return {
    product,
    get routes() {
      return (routes ??= readText(() => readSlots(object(JSON.parse(text), 'stats')), asked));
    },
    groups: readGroups(stats),
    ...readProxies(stats),
    ...readActions(stats),
  };
}

/** All slots of `stats`, by number. */
export function readSlots(stats: Fields): SlotRoute[] {
  const routes = quietSlots(stats.slots) ?? field(stats, 'slots', list(slotMapping), 'stats');
  routes.sort((a, b) => a.slot - b.slot);
  const complete = routes.length === SLOT_COUNT && routes.every((route, index) => route.slot === index);
  if (!complete)
    throw new ShapeError('stats.slots', `each slot from 0 to ${SLOT_COUNT - 1} once`, stats.slots);
  return routes;
}

/** Most looks find all slots as they should be, none of them being handed over. Null where there is more to be read. */
function quietSlots(value: unknown): SlotRoute[] | null {
  if (!Array.isArray(value)) return null;
  const routes: SlotRoute[] = [];
  for (const one of value as readonly Partial<Record<string, unknown>>[]) {
    const { id, group_id: group, action } = one ?? {};
    if (!isCount(id) || id >= SLOT_COUNT || !isCount(group) || !isIdle(action)) return null;
    routes.push({ table: ONLY_TABLE, slot: id, group: group === 0 ? null : group, handover: null });
  }
  return routes;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isIdle(action: unknown): boolean {
  return typeof action === 'object' && action !== null && !Array.isArray(action) && !('state' in action);
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
