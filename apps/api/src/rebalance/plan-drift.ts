import { formatSlots, type RouterView } from '@slotferry/cluster';
import {
  describeDrift,
  expandMoves,
  findDrift,
  mastersOf,
  queuedByOthers,
  type StoredPlan,
} from '@slotferry/migration';

export interface DriftOptions {
  /** Slots that others left in the router's queue are no difference: the rebalance takes them out. */
  readonly adopt: boolean;
}

/** What is different at the router from what a plan was made for, as far as the plan touches it; null when nothing is. */
export function driftOf(plan: StoredPlan, view: RouterView, { adopt }: DriftOptions): string | null {
  const moves = expandMoves(plan.moves);
  const found = findDrift(moves, view);
  const adopted = adopt ? queuedByOthers(found) : [];
  const drift = found.filter((one) => one.kind !== 'handover' || !adopted.includes(one.move));
  const differences = [
    ...(drift.length > 0 ? [describeDrift(drift)] : []),
    ...moved(plan, view),
    ...promoted(plan, view),
  ];
  return differences.length > 0 ? differences.join('; ') : null;
}

/** Slots that are at their target already: not in the way, but not what was looked at either. */
function moved(plan: StoredPlan, view: RouterView): string[] {
  const owners = new Map(view.routes.map(({ table, slot, group }) => [`${table}/${slot}`, group]));
  const there = expandMoves(plan.moves).filter(
    ({ table, slot, to }) => owners.get(`${table}/${slot}`) === to,
  );
  return there.length === 0 ? [] : [`slots ${formatSlots(there.map(({ slot }) => slot))} have moved already`];
}

function promoted(plan: StoredPlan, view: RouterView): string[] {
  const now = mastersOf(plan.moves, view);
  return Object.entries(plan.masters)
    .filter(([group, master]) => now[group] !== undefined && now[group] !== master)
    .map(([group, master]) => `the master of group ${group} is ${now[group]}, not ${master}`);
}
