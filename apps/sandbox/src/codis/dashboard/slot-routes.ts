import { type AdminRequest, JsonText, type Route } from '../http/routes';
import { guarded, parameter } from '../http/xauth-routes';
import { integerParameter } from '../protocol/go-format';
import { assignOffline, assignSlots } from './assign';
import { type RebalancePlan, planRebalance } from './rebalance-plan';
import { createAction, createRange, createSome, queue, removeAction } from './slot-actions';
import { type Topom } from './topom';

export function slotRoutes(topom: Topom): Route[] {
  const { cluster } = topom;
  return [
    change(topom, 'action/create/:xauth/:sid/:gid', ['sid', 'gid'], ([slot, group]) =>
      createAction(cluster, slot, group),
    ),
    change(
      topom,
      'action/create-some/:xauth/:src/:dst/:num',
      ['src', 'dst', 'num'],
      ([source, target, count]) => createSome(cluster, source, target, count),
    ),
    change(
      topom,
      'action/create-range/:xauth/:beg/:end/:gid',
      ['beg', 'end', 'gid'],
      ([first, last, group]) => createRange(cluster, first, last, group),
    ),
    change(topom, 'action/remove/:xauth/:sid', ['sid'], ([slot]) => removeAction(cluster, slot)),
    control(topom, 'action/interval/:xauth/:value', (value) => (topom.action.interval = value)),
    control(topom, 'action/disabled/:xauth/:value', (value) => (topom.action.disabled = value !== 0)),
    change(topom, 'assign/:xauth', [], (_, { body }) => assignSlots(topom, body)),
    change(topom, 'assign/:xauth/offline', [], (_, { body }) => assignOffline(topom, body)),
    guarded('PUT', '/api/topom/slots/rebalance/:xauth/:confirm', topom.xauth, async (request) => {
      const confirm = integerParameter('confirm', parameter(request, 'confirm'));
      return topom.locked(() => rebalance(topom, confirm !== 0 ? queueAll : () => undefined));
    }),
  ];
}

type Integers = [number, number, number];
type Work = (integers: Integers, request: AdminRequest) => void | Promise<void>;

function change(topom: Topom, path: string, names: readonly string[], work: Work): Route {
  return guarded('PUT', `/api/topom/slots/${path}`, topom.xauth, async (request) => {
    const [first = 0, second = 0, third = 0] = names.map((name) =>
      integerParameter(name, parameter(request, name)),
    );
    await topom.locked(() => work([first, second, third], request));
    return 'OK';
  });
}

/** Interval and disabled are set without the lock and before the dashboard is online. */
function control(topom: Topom, path: string, set: (value: number) => void): Route {
  return guarded('PUT', `/api/topom/slots/${path}`, topom.xauth, (request) => {
    set(integerParameter('value', parameter(request, 'value')));
    return 'OK';
  });
}

function rebalance(topom: Topom, carryOut: (topom: Topom, plan: RebalancePlan) => void): JsonText {
  const plan = planRebalance(topom.cluster.slots, topom.cluster.groups);
  carryOut(topom, plan);
  return inGoOrder(plan);
}

function queueAll(topom: Topom, plan: RebalancePlan): void {
  const bySlot = [...plan].sort(([left], [right]) => left - right);
  for (const [slot, group] of bySlot) queue(topom.cluster, topom.cluster.slot(slot), group);
}

/** Go writes the keys of a map in the order of their texts, which an object of JavaScript cannot keep. */
function inGoOrder(plan: RebalancePlan): JsonText {
  if (plan.size === 0) return new JsonText('{}');
  const lines = [...plan].map(([slot, group]) => `    "${slot}": ${group}`).sort();
  return new JsonText(`{\n${lines.join(',\n')}\n}`);
}
