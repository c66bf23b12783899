import { keyOf, parseSlots, type SlotSizes } from '@slotferry/cluster';
import { ValidateBy, type ValidationArguments } from 'class-validator';

/**
 * The sizes of a request, by slot of one table.
 * @param tableSize number of slots of the table
 * @throws SlotListError when a slot is not one of the table
 */
export function slotSizesOf(
  sizes: Readonly<Record<string, number>>,
  table: number,
  tableSize: number,
): SlotSizes {
  return new Map(
    Object.entries(sizes).flatMap(([text, size]) =>
      parseSlots(text, tableSize).map((slot) => [keyOf({ table, slot }), size] as const),
    ),
  );
}

/** The field is an object of numbers from 0 by slot. */
export function IsSlotSizes(): PropertyDecorator {
  const validator = {
    validate: (value: unknown) => sizesProblem(value) === null,
    defaultMessage: (given?: ValidationArguments) => sizesProblem(given?.value) ?? '',
  };
  return ValidateBy({ name: 'isSlotSizes', validator });
}

/** What is wrong with the sizes of a request, or null. */
export function sizesProblem(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return 'sizes must be an object with the size of each slot, as {"0": 123, "1": 99}';
  }
  for (const [slot, size] of Object.entries(value)) {
    if (!SLOT.test(slot)) return `${JSON.stringify(slot.slice(0, 40))} in sizes is not the number of a slot`;
    if (typeof size !== 'number' || !(size >= 0 && size <= Number.MAX_SAFE_INTEGER)) {
      return `the size of slot ${slot} must be a number from 0 to ${Number.MAX_SAFE_INTEGER}`;
    }
  }
  return null;
}

const SLOT = /^(0|[1-9]\d{0,8})$/;
