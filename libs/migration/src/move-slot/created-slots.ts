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

const adopted = 'adopted on ';

/** The fact that the slot was found on a node, empty and free: it may be replaced, but somebody else takes it away. */
export function adoptedFact(address: string): JsonObject {
  return { [`${adopted}${address}`]: true };
}

/** Was the copy empty when this move began? Then it holds nothing but what it got from the source. */
export function beganEmpty(context: MoveContext, address: string): boolean {
  return createdByUs(context, address) || context.facts[`${adopted}${address}`] === true;
}
