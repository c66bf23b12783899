import { formatSlots, MAX_SLOTS } from './slots';
import { type TableSlots } from './topology';
import { groupName, type GroupClaim, type TopologyClaims } from './topology-claims';
import { type TopologyProblem } from './topology-problem';

type SlotsClaim = GroupClaim<TableSlots>;

/** Slots outside their table, of a table nobody described, or claimed more than once. */
export function slotProblems({ tables, tablesComplete, slots }: TopologyClaims): TopologyProblem[] {
  const sizes = new Map(tables.map(({ value }) => [value.id, value.slots]));
  const unknown = slots.filter(({ value }) => tablesComplete && !sizes.has(value.table)).map(tableUnknown);
  const outside = slots.flatMap((claim) => outsideTable(claim, sizes.get(claim.value.table)));
  return [...unknown, ...outside, ...overlaps(slots)];
}

/** True for a number of slots that a table can have. */
export function isTableSize(slots: number): boolean {
  return Number.isInteger(slots) && slots >= 1 && slots <= MAX_SLOTS;
}

function tableUnknown({ value, path }: SlotsClaim): TopologyProblem {
  return {
    code: 'TABLE_UNKNOWN',
    message: `Table ${value.table} is not described`,
    remedy: 'Describe it under tables, or use the id of one that is.',
    path,
  };
}

/** Nothing can be said against a table whose size is unknown or a problem itself. */
function outsideTable({ value, path }: SlotsClaim, size: number | undefined): TopologyProblem[] {
  if (size === undefined || !isTableSize(size)) return [];
  const outside = value.slots.filter((slot) => !Number.isInteger(slot) || slot < 0 || slot >= size);
  if (outside.length === 0) return [];
  return [
    {
      code: 'SLOTS_OUT_OF_RANGE',
      message: `Table ${value.table} has ${size} slots, and no ${slotsPhrase(outside)}`,
      remedy: `Use slots from 0 to ${size - 1}.`,
      path,
    },
  ];
}

/** One problem for each pair of claims that share slots, told at the later one. */
function overlaps(claims: readonly SlotsClaim[]): TopologyProblem[] {
  const owners = new Map<string, SlotsClaim>();
  return claims.flatMap((claim) => {
    const shared = new Map<SlotsClaim, number[]>();
    for (const slot of claim.value.slots) {
      const key = `${claim.value.table}/${slot}`;
      const owner = owners.get(key);
      if (!owner) owners.set(key, claim);
      else if (!shared.get(owner)?.push(slot)) shared.set(owner, [slot]);
    }
    return [...shared].map(([owner, slots]) => overlap(owner, claim, slots));
  });
}

function overlap(first: SlotsClaim, second: SlotsClaim, slots: readonly number[]): TopologyProblem {
  const what = `${slotsPhrase(slots)} of table ${second.value.table}`;
  const message =
    first.position === second.position
      ? `${groupName(first)} names ${what} twice`
      : `${groupName(first)} and ${groupName(second)} both claim ${what}`;
  return {
    code: 'SLOTS_OVERLAP',
    message: message.charAt(0).toUpperCase() + message.slice(1),
    remedy: 'A slot has one owner: leave it in one group.',
    path: second.path,
  };
}

function slotsPhrase(slots: readonly number[]): string {
  return `slot${slots.length === 1 ? '' : 's'} ${formatSlots(slots)}`;
}
