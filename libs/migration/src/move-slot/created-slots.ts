import type { JsonObject } from '@slotferry/workflow';
import type { MoveContext } from './cast';

const prefix = 'created on ';

/** The fact that this move created the slot on a node: what it created, it may discard and has to take away again. */
export function createdFact(address: string): JsonObject {
  return { [`${prefix}${address}`]: true };
}

export function createdByUs(context: MoveContext, address: string): boolean {
  return context.facts[`${prefix}${address}`] === true;
}
