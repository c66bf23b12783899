import {
  expectArray,
  expectStrings,
  expectText,
  type Reply,
  type ReplyContext,
  unexpectedReply,
} from '../reply';

/** One page of the keys of a slot. */
export interface SlotScanPage {
  /** Give it to the next call; `0` after the last page. */
  readonly cursor: string;
  /** Keys as bytes: they need not be text. */
  readonly keys: Buffer[];
}

/** Reads `SLOTSSCAN`. */
export function parseSlotScan(reply: Reply, context: ReplyContext): SlotScanPage {
  const [cursor, keys, ...rest] = expectArray(reply, context);
  if (rest.length > 0) throw unexpectedReply(context, 'a cursor and keys', reply);
  return { cursor: expectText(cursor, context), keys: expectStrings(keys, context) };
}
