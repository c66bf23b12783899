import { type KeyCommand } from './command';
import { HASH_COMMANDS } from './hashes';
import { KEY_COMMANDS } from './keys';
import { LIST_COMMANDS } from './lists';
import { type MultiKeyCommand, MULTI_KEY_COMMANDS } from './multi-key';
import { SET_COMMANDS } from './sets';
import { STRING_COMMANDS } from './strings';
import { ZSET_COMMANDS } from './zsets';

/** Every command on one key, by its name in lower case. */
export const KEYED: ReadonlyMap<string, KeyCommand> = new Map(
  [
    ...STRING_COMMANDS,
    ...KEY_COMMANDS,
    ...HASH_COMMANDS,
    ...LIST_COMMANDS,
    ...SET_COMMANDS,
    ...ZSET_COMMANDS,
  ].map((command) => [command.name, command]),
);

/** Every command on many keys, by its name in lower case. */
export const MULTI_KEYED: ReadonlyMap<string, MultiKeyCommand> = new Map(
  MULTI_KEY_COMMANDS.map((command) => [command.name, command]),
);

/** Known to Pika, but not in sharding mode. */
export const UNSUPPORTED: ReadonlySet<string> = new Set(
  (
    'slaveof dbslaveof scan scanx keys pkscanrange pkrscanrange msetnx rpoplpush smove sdiff sdiffstore sinter sinterstore sunion ' +
    'sunionstore zunionstore zinterstore bitop pfmerge pfcount publish subscribe unsubscribe psubscribe punsubscribe pubsub flushall ' +
    'flushdb geosearch'
  ).split(' '),
);

/** Whether a command with that many words, its name included, may run. */
export function fitsArity(arity: number, words: number): boolean {
  return arity < 0 ? words >= -arity : words === arity;
}
