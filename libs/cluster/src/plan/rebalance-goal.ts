import { ClusterError } from '../errors';
import { evenOutByCount } from './even-out';
import { evenOutBySize, type SlotSizes } from './even-out-by-size';
import { compareSlots, invertMoves, keyOf, type Ownership, type SlotMove } from './slot-move';
import { type SlotRef } from '../router';
import { formatSlots } from '../slots';

/** What an operator wants of a rebalance. */
export type RebalanceGoal =
  /** Every group its weighted share of the slots; groups not named keep weight 1, weight 0 empties one. */
  | { readonly kind: 'even'; readonly weights?: { readonly [group: string]: number } }
  /** Every group its weighted share of what the slots measure. */
  | {
      readonly kind: 'even-by-size';
      /** What the sizes are: bytes that were written to the slots, or numbers that an operator gave. */
      readonly measure: 'written' | 'given';
      readonly weights?: { readonly [group: string]: number };
      /** How far a group may be from its share, as a part of it: 0.05 is 5 %. */
      readonly tolerance: number;
      /** Only the slots of this table; of all tables when left out. */
      readonly table?: number;
    }
  /** Empties a group, its slots spread over the others. */
  | { readonly kind: 'drain'; readonly group: number }
  /** These slots to one group. */
  | { readonly kind: 'slots'; readonly slots: readonly SlotRef[]; readonly to: number }
  /** Takes back moves that were made earlier, as far as they still stand. */
  | { readonly kind: 'undo'; readonly moves: readonly SlotMove[] };

/** How far a group may be from its share by size, unless somebody says otherwise. */
export const defaultTolerance = 0.05;

/** Smallest and largest tolerance. */
export const toleranceRange: readonly [number, number] = [0.001, 0.5];

/** The goal cannot be planned for this cluster. */
export class PlanError extends ClusterError {
  constructor(
    readonly code: 'GROUP_UNKNOWN' | 'SLOT_UNKNOWN' | 'NO_RECEIVER' | 'WEIGHT_INVALID' | 'SIZES_MISSING',
    message: string,
    remedy: string,
  ) {
    super(message, remedy);
  }
}

/**
 * The moves that reach a goal from where the cluster is. Pure and deterministic.
 * @param groups groups that can own slots: those with a server
 * @param sizes of every slot that `even-by-size` is about; other goals need none
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
      return evenBySize(goal, owned, groups, sizes);
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

/** The slots whose sizes count for a goal: none where sizes do not matter. */
export function sizedSlots(goal: RebalanceGoal, owned: readonly Ownership[]): readonly Ownership[] {
  if (goal.kind !== 'even-by-size') return [];
  return goal.table === undefined ? owned : owned.filter(({ table }) => table === goal.table);
}

function evenBySize(
  goal: Extract<RebalanceGoal, { readonly kind: 'even-by-size' }>,
  owned: readonly Ownership[],
  groups: readonly number[],
  sizes: SlotSizes,
): SlotMove[] {
  const sized = sizedSlots(goal, owned);
  requireSizes(sized, sizes);
  return evenOutBySize(sized, weightsOf(groups, goal.weights ?? {}), sizes, goal.tolerance);
}

/** A slot without a size is not one of size 0: it could be the largest of all. */
function requireSizes(slots: readonly Ownership[], sizes: SlotSizes): void {
  const missing = slots.filter((slot) => !sizes.has(keyOf(slot))).sort(compareSlots);
  const [first] = missing;
  if (!first) return;
  const ofTable = missing.filter(({ table }) => table === first.table).slice(0, namedMissing);
  const others = missing.length - ofTable.length;
  throw new PlanError(
    'SIZES_MISSING',
    `There is no size for slots ${formatSlots(ofTable.map(({ slot }) => slot))} of table ${first.table}${others > 0 ? ` and ${others} more` : ''}`,
    'Give every slot that a group owns its size, 0 where it is empty.',
  );
}

/** Slots named in an error. */
const namedMissing = 20;

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
