/** From about this many slots on, parsing all of a text takes less time than looking for each of them. */
export const MOST_SEARCHES = 48;

/** The JSON text up to the first slot of `stats`, as Go writes it: `closed` comes first, `slots` second. */
const START_OF_STATS = /^\s*\{\s*(?:"closed"\s*:\s*(?:true|false)\s*,\s*)?"slots"\s*:\s*\[/;
/** The same of a list of slots. */
const START_OF_LIST = /^\s*\[/;

/**
 * Finds one slot in the text of `stats`, or in that of a list of slots, without parsing the 100 KB around it.
 * @returns the JSON text of the slot's object, or null when the text is laid out in another way: parse it all then
 */
export function findSlot(text: string, slot: number): string | null {
  const start = (START_OF_STATS.exec(text) ?? START_OF_LIST.exec(text))?.[0].length;
  if (start === undefined) return null;
  const id = positionOfId(text, slot, start);
  if (id === -1) return null;
  const open = openingBefore(text, id);
  return open === -1 ? null : objectAt(text, open);
}

/** The text of `stats` with its list of slots empty, or null when it is laid out in another way. */
export function withoutSlots(stats: string): string | null {
  const start = START_OF_STATS.exec(stats)?.[0].length;
  if (start === undefined) return null;
  // Nothing in a slot is a list.
  const end = stats.indexOf(']', start);
  return end === -1 ? null : stats.slice(0, start) + stats.slice(end);
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
