import { expectArray, expectInteger, type Reply, type ReplyContext, unexpectedReply } from '../reply';

/**
 * What a Codis dashboard reads from the source of a migration: `attached` while the target is an attached slave of the slot, else
 * `finished`, whether or not it ever was one. 3.2.9 says `finished` also for a slot it does not hold.
 */
export type MigrationState = 'attached' | 'finished';

/** Reads `SLOTSMGRTTAGSLOT-ASYNC`: moved keys (always 0) and keys that remain. */
export function parseMigrationState(reply: Reply, context: ReplyContext): MigrationState {
  const numbers = expectArray(reply, context).map((item) => expectInteger(item, context));
  if (numbers.length !== 2) throw unexpectedReply(context, 'two integers', reply);
  return numbers[1] === 0 ? 'finished' : 'attached';
}
