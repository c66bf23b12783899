import { crc32 } from 'node:zlib';

export const SLOT_COUNT = 1_024;

/** A hash tag whose keys are all in the given slot: `{tag}` counts for the whole key. */
export function tagOf(slot) {
  for (let number = 0; ; number += 1) {
    const tag = `tag${number}`;
    if (crc32(tag) % SLOT_COUNT === slot) return tag;
  }
}

/** The slots of a list like `1,5-7`. */
export function slotsIn(list) {
  return list.split(',').flatMap((part) => {
    const [first, last = first] = part.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

/** So many of the slots, as far from one another as can be. */
export function spread(slots, count) {
  return Array.from({ length: count }, (_, index) => slots[Math.floor((index * slots.length) / count)]);
}
