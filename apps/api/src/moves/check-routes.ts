import { formatSlots, type RouterView, type SlotRoute } from '@slotferry/cluster';
import { type MoveSlotInput } from '@slotferry/migration';
import { type Problem } from '@slotferry/platform';

/** What is asked: slots of one table, and the group that is to own them. */
export interface WantedMoves {
  readonly cluster: string;
  readonly table: number;
  readonly slots: readonly number[];
  readonly to: number;
}

/** The moves that follow from what the router says, and what stands in the way of the other slots. */
export function checkRoutes(
  wanted: WantedMoves,
  view: RouterView,
): { readonly moves: readonly MoveSlotInput[]; readonly problems: readonly Problem[] } {
  const { cluster, table, to } = wanted;
  if (!view.groups.some(({ id }) => id === to)) return { moves: [], problems: [groupNotInRouter(wanted)] };
  const routes = new Map(view.routes.filter((route) => route.table === table).map((one) => [one.slot, one]));
  const checked = wanted.slots.map((slot) => ({ slot, ...checkRoute(wanted, slot, routes.get(slot)) }));
  return {
    moves: checked.flatMap(({ slot, from }) =>
      from === undefined ? [] : [{ cluster, table, slot, from, to }],
    ),
    problems: checked.flatMap(({ problem }) => problem ?? []),
  };
}

function checkRoute(
  { cluster, table, to }: WantedMoves,
  slot: number,
  route: SlotRoute | undefined,
): { from?: number; problem?: Problem } {
  const name = table === 0 ? `slot ${slot}` : `slot ${slot} of table ${table}`;
  if (!route) {
    return refused(
      'slot-unknown',
      `the router of ${cluster} has no ${name}`,
      'Use a slot that the router has.',
    );
  }
  if (route.handover) {
    const { state, target } = route.handover;
    return refused(
      'slot-busy',
      `the router hands ${name} over to group ${target} already (${state})`,
      'Wait until that has ended, or withdraw it where it was begun.',
    );
  }
  if (route.group === null) {
    return refused(
      'slot-offline',
      `${name} belongs to no group`,
      `Assign it to a group first: slotferry cluster bootstrap --cluster ${cluster}`,
    );
  }
  if (route.group === to) {
    return refused(
      'already-there',
      `${name} belongs to group ${to} already`,
      'Nothing is to be done for it.',
    );
  }
  return { from: route.group };
}

function groupNotInRouter({ cluster, slots, to }: WantedMoves): Problem {
  return {
    code: 'group-not-in-router',
    message: `the router of ${cluster} does not know group ${to} yet, so slot ${formatSlots(slots)} cannot go there`,
    remedy: `Let Slotferry add the group: slotferry cluster bootstrap --cluster ${cluster}`,
  };
}

function refused(code: string, message: string, remedy: string): { problem: Problem } {
  return { problem: { code, message, remedy } };
}
