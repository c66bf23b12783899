import { formatSlots, type RouterView } from '@slotferry/cluster';
import { describeDrift, expandMoves, findDrift, type StoredPlan } from '@slotferry/migration';

/** The masters of the groups that the moves of a plan touch. */
export type Masters = Readonly<Record<string, string>>;

/** What is different at the router from what a plan was made for, as far as the plan touches it; null when nothing is. */
export function driftOf(plan: StoredPlan & { readonly masters: Masters }, view: RouterView): string | null {
  const moves = expandMoves(plan.moves);
  const drift = findDrift(moves, view);
  const found = [
    ...(drift.length > 0 ? [describeDrift(drift)] : []),
    ...moved(plan, view),
    ...promoted(plan, view),
  ];
  return found.length > 0 ? found.join('; ') : null;
}

/** The masters of the groups that moves touch, as the router has them. */
export function mastersOf(plan: Pick<StoredPlan, 'moves'>, view: RouterView): Masters {
  const touched = new Set(plan.moves.flatMap(({ from, to }) => [from, to]));
  return Object.fromEntries(
    view.groups.filter(({ id }) => touched.has(id)).map(({ id, servers }) => [String(id), servers[0] ?? '']),
  );
}

/** Slots that are at their target already: not in the way, but not what was looked at either. */
function moved(plan: StoredPlan, view: RouterView): string[] {
  const owners = new Map(view.routes.map(({ table, slot, group }) => [`${table}/${slot}`, group]));
  const there = expandMoves(plan.moves).filter(
    ({ table, slot, to }) => owners.get(`${table}/${slot}`) === to,
  );
  return there.length === 0 ? [] : [`slots ${formatSlots(there.map(({ slot }) => slot))} have moved already`];
}

function promoted(
  plan: Pick<StoredPlan, 'moves'> & { readonly masters: Masters },
  view: RouterView,
): string[] {
  const now = mastersOf(plan, view);
  return Object.entries(plan.masters)
    .filter(([group, master]) => now[group] !== undefined && now[group] !== master)
    .map(([group, master]) => `the master of group ${group} is ${now[group]}, not ${master}`);
}
