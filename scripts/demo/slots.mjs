import { crc32 } from 'node:zlib';

export const SLOT_COUNT = 1_024;

/** Hash tags whose keys are all in the given slot: `{tag}` counts for the whole key. */
export function tagsOf(slot, count) {
  const tags = [];
  for (let number = 0; tags.length < count; number += 1) {
    const tag = `client${number}`;
    if (crc32(tag) % SLOT_COUNT === slot) tags.push(tag);
  }
  return tags;
}
