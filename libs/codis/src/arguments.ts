import { parseAddress, type SlotRef } from '@slotferry/cluster';

import { ONLY_TABLE, SLOT_COUNT } from './answers/slot-mapping';
import { CodisError } from './codis.errors';

const HIGHEST_GROUP = 9_999;

/** The number of a slot. A dashboard turns what it cannot read into slot 0, so nothing unchecked may reach it. */
export function requireSlot({ table, slot }: SlotRef): number {
  if (table !== ONLY_TABLE)
    throw invalid(`Table ${table} does not exist: this Codis has table ${ONLY_TABLE} only.`);
  if (Number.isInteger(slot) && slot >= 0 && slot < SLOT_COUNT) return slot;
  throw invalid(`${slot} is not a slot from 0 to ${SLOT_COUNT - 1}.`);
}

/** At least one slot, none twice. */
export function requireSlots(slots: readonly SlotRef[]): number[] {
  const ids = slots.map(requireSlot);
  if (ids.length === 0) throw invalid('There is no slot in the list.');
  if (new Set(ids).size !== ids.length) throw invalid('A slot is in the list twice.');
  return ids;
}

export function requireGroup(group: number): number {
  if (Number.isInteger(group) && group >= 1 && group <= HIGHEST_GROUP) return group;
  throw invalid(`${group} is not a group from 1 to ${HIGHEST_GROUP}.`);
}

/** A `host:port`, ready to be a segment of a path. */
export function requireAddress(address: string): string {
  try {
    parseAddress(address);
  } catch (error) {
    throw invalid((error as Error).message, error);
  }
  return encodeURIComponent(address).replaceAll('%3A', ':');
}

/** What Codis names a proxy by: 32 hexadecimal digits. */
export function requireToken(token: string): string {
  if (/^[0-9a-f]{32}$/.test(token)) return token;
  throw invalid('This is not the token of a proxy: 32 hexadecimal digits.');
}

/** The URL of an API. */
export function requireUrl(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !/^https?:$/.test(parsed.protocol))
    throw invalid('The address of the dashboard is no http:// or https:// URL.');
  if (parsed.username !== '' || parsed.password !== '')
    throw invalid('The address of the dashboard must not hold a user or password.');
  return parsed;
}

function invalid(message: string, cause?: unknown): CodisError {
  return new CodisError({ code: 'invalid-argument', message, cause });
}
