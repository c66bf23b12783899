import { ClusterError } from '../errors';
import { evenOutByCount } from './even-out';
import { evenOutBySize, type SlotSizes } from './even-out-by-size';
import { compareSlots, invertMoves, keyOf, type Ownership, type SlotMove } from './slot-move';
import { type SlotRef } from '../router';

/** What an operator wants of a rebalance. */
export type RebalanceGoal =
  /** Every group its weighted share of the slots; groups not named keep weight 1, weight 0 empties one. */
  | { readonly kind: 'even'; readonly weights?: { readonly [group: string]: number } }
  /** The same, measured by what the slots hold. */
  | {
      readonly kind: 'even-by-size';
      readonly weights?: { readonly [group: string]: number };
      readonly tolerance: number;
    }
  /** Empties a group, its slots spread over the others. */
  | { readonly kind: 'drain'; readonly group: number }
  /** These slots to one group. */
  | { readonly kind: 'slots'; readonly slots: readonly SlotRef[]; readonly to: number }
  /** Takes back moves that were made earlier, as far as they still stand. */
  | { readonly kind: 'undo'; readonly moves: readonly SlotMove[] };

/** The goal cannot be planned for this cluster. */
export class PlanError extends ClusterError {
  constructor(
    readonly code: 'GROUP_UNKNOWN' | 'SLOT_UNKNOWN' | 'NO_RECEIVER' | 'WEIGHT_INVALID',
    message: string,
    remedy: string,
  ) {
    super(message, remedy);
  }
}

/**
 * The moves that reach a goal from where the cluster is. Pure and deterministic.
 * @param groups groups that can own slots: those with a server
 * @throws PlanError
 */
export function planMoves(
  goal: RebalanceGoal,
  owned: readonly Ownership[],
  groups: readonly number[],
  sizes: SlotSizes = new Map(),
): SlotMove[] {
  switch (goal.kind) {
    case 'even':
      return evenOutByCount(owned, weightsOf(groups, goal.weights ?? {}));
    case 'even-by-size':
      return evenOutBySize(owned, weightsOf(groups, goal.weights ?? {}), sizes, goal.tolerance);
    case 'drain':
      requireGroup(groups, goal.group);
      return drain(owned, groups, goal.group);
    case 'slots':
      requireGroup(groups, goal.to);
      return moveSlots(owned, goal.slots, goal.to);
    case 'undo':
      return undo(owned, goal.moves);
  }
}

/** Only the drained group gives, and each slot goes where there are fewest: nothing else moves. */
function drain(owned: readonly Ownership[], groups: readonly number[], drained: number): SlotMove[] {
  const receivers = groups.filter((group) => group !== drained).sort((a, b) => a - b);
  if (receivers.length === 0) {
    throw new PlanError(
      'NO_RECEIVER',
      `No other group can take the slots of group ${drained}`,
      'Add a group first.',
    );
  }
  const held = new Map(receivers.map((group) => [group, owned.filter((one) => one.group === group).length]));
  return owned
    .filter(({ group }) => group === drained)
    .sort(compareSlots)
    .map(({ table, slot }) => {
      const to = receivers.reduce((least, group) =>
        (held.get(group) ?? 0) < (held.get(least) ?? 0) ? group : least,
      );
      held.set(to, (held.get(to) ?? 0) + 1);
      return { table, slot, from: drained, to };
    });
}

function moveSlots(owned: readonly Ownership[], slots: readonly SlotRef[], to: number): SlotMove[] {
  const owners = new Map(owned.map((one) => [keyOf(one), one.group]));
  const unowned = slots.find((slot) => !owners.has(keyOf(slot)));
  if (unowned) {
    throw new PlanError(
      'SLOT_UNKNOWN',
      `Slot ${unowned.slot} of table ${unowned.table} belongs to no group`,
      'Name slots that are assigned; bootstrap assigns the ones in the cluster file.',
    );
  }
  return [...slots]
    .sort(compareSlots)
    .map(({ table, slot }) => ({ table, slot, from: owners.get(keyOf({ table, slot })) ?? to, to }))
    .filter(({ from }) => from !== to);
}

function undo(owned: readonly Ownership[], moves: readonly SlotMove[]): SlotMove[] {
  const owners = new Map(owned.map((one) => [keyOf(one), one.group]));
  return invertMoves(moves)
    .filter((move) => owners.get(keyOf(move)) === move.from)
    .sort(compareSlots);
}

function weightsOf(
  groups: readonly number[],
  given: { readonly [group: string]: number },
): Map<number, number> {
  const weights = new Map(groups.map((group) => [group, 1]));
  for (const [name, weight] of Object.entries(given)) {
    const group = Number(name);
    requireGroup(groups, group);
    if (!Number.isFinite(weight) || weight < 0 || weight > 1_000) {
      throw new PlanError(
        'WEIGHT_INVALID',
        `${weight} cannot be the weight of group ${name}`,
        'Use numbers from 0 to 1000.',
      );
    }
    weights.set(group, weight);
  }
  if ([...weights.values()].every((weight) => weight === 0)) {
    throw new PlanError(
      'NO_RECEIVER',
      'Every group has weight 0: no group could own a slot',
      'Give one group a weight.',
    );
  }
  return weights;
}

function requireGroup(groups: readonly number[], group: number): void {
  if (groups.includes(group)) return;
  throw new PlanError(
    'GROUP_UNKNOWN',
    `Group ${group} is not known to the router, or has no server; known: ${[...groups].sort((a, b) => a - b).join(', ')}`,
    'Add it to the cluster file, apply it, and bootstrap.',
  );
}
