/** The JSON text up to the first slot of `stats`, as Go writes it: `closed` comes first, `slots` second. */
const START_OF_SLOTS = /^\s*\{\s*(?:"closed"\s*:\s*(?:true|false)\s*,\s*)?"slots"\s*:\s*\[/;

/**
 * Finds one slot in the text of `stats` without parsing the 100 KB around it.
 * @returns the JSON text of the slot's object, or null when the text is laid out in another way: parse it all then
 */
export function findSlot(stats: string, slot: number): string | null {
  const start = START_OF_SLOTS.exec(stats)?.[0].length;
  if (start === undefined) return null;
  const id = positionOfId(stats, slot, start);
  if (id === -1) return null;
  const open = openingBefore(stats, id);
  return open === -1 ? null : objectAt(stats, open);
}

/** Slots come before everything else that has an id, and each has its own id once. */
function positionOfId(stats: string, slot: number, from: number): number {
  const indented = stats.indexOf(`"id": ${slot},`, from);
  return indented === -1 ? stats.indexOf(`"id":${slot},`, from) : indented;
}

function openingBefore(stats: string, position: number): number {
  let index = position - 1;
  while (index >= 0 && isSpace(stats.charCodeAt(index))) index--;
  return stats[index] === '{' ? index : -1;
}

/** No text in a slot holds a brace, so counting them is enough. */
function objectAt(stats: string, open: number): string | null {
  let depth = 0;
  for (let index = open; index < stats.length; index++) {
    const character = stats[index];
    if (character === '{') depth++;
    if (character === '}' && --depth === 0) return stats.slice(open, index + 1);
  }
  return null;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
