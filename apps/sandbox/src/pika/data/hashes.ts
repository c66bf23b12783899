import { OK, array, bulk, integer } from '../../resp';
import { type CommandContext, type KeyCommand, CommandError, argument, bulkOrNull } from './command';
import {
  bulkText,
  formatFloating,
  inRange,
  parseBigInteger,
  parseFloating,
  read,
  textOf,
  write,
} from './command';

type Fields = Map<string, Buffer>;

const NONE: Fields = new Map();
const fieldsOf = ({ data, now }: CommandContext, key: string): Fields => data.hashes.get(key, now) ?? NONE;
const ownFields = ({ data, now }: CommandContext, key: string): Fields =>
  data.hashes.getOrCreate(key, now, () => new Map());

const setOne: KeyCommand['run'] = (context, key, args) => {
  const fields = ownFields(context, key);
  const field = textOf(argument(args, 1));
  const isNew = !fields.has(field);
  fields.set(field, argument(args, 2));
  return integer(isNew ? 1 : 0);
};

const setMany: KeyCommand['run'] = (context, key, args) => {
  if (args.length % 2 === 0) throw new CommandError("ERR wrong number of arguments for 'hmset' command");
  const fields = ownFields(context, key);
  for (let index = 1; index < args.length; index += 2) {
    fields.set(textOf(argument(args, index)), argument(args, index + 1));
  }
  return OK;
};

const setIfAbsent: KeyCommand['run'] = (context, key, args) => {
  const field = textOf(argument(args, 1));
  if (fieldsOf(context, key).has(field)) return integer(0);
  ownFields(context, key).set(field, argument(args, 2));
  return integer(1);
};

const remove: KeyCommand['run'] = (context, key, args) => {
  const fields = fieldsOf(context, key);
  const removed = args.slice(1).filter((field) => fields.delete(textOf(field))).length;
  if (fields.size === 0) context.data.hashes.delete(key, context.now);
  return integer(removed);
};

const add: KeyCommand['run'] = (context, key, args) => {
  const field = textOf(argument(args, 1));
  const by = parseBigInteger(argument(args, 2));
  const present = fieldsOf(context, key).get(field);
  const sum = inRange(
    (present ? hashInteger(present) : 0n) + by,
    new CommandError('ERR increment or decrement would overflow'),
  );
  ownFields(context, key).set(field, Buffer.from(String(sum)));
  return integer(Number.isSafeInteger(Number(sum)) ? Number(sum) : sum);
};

function hashInteger(present: Buffer): bigint {
  try {
    return parseBigInteger(present);
  } catch {
    throw new CommandError('ERR hash value is not an integer');
  }
}

const addFloating: KeyCommand['run'] = (context, key, args) => {
  const field = textOf(argument(args, 1));
  const present = fieldsOf(context, key).get(field);
  const sum = (present ? parseFloating(present) : 0) + parseFloating(argument(args, 2));
  const text = Buffer.from(formatFloating(sum));
  ownFields(context, key).set(field, text);
  return bulk(text);
};

/** Commands on hashes. */
export const HASH_COMMANDS: readonly KeyCommand[] = [
  write('hset', 4, setOne),
  write('hmset', -4, setMany),
  write('hsetnx', 4, setIfAbsent),
  write('hdel', -3, remove),
  write('hincrby', 4, add),
  write('hincrbyfloat', 4, addFloating),
  read('hget', 3, (context, key, args) => bulkOrNull(fieldsOf(context, key).get(textOf(argument(args, 1))))),
  read('hmget', -3, (context, key, args) =>
    array(args.slice(1).map((field) => bulkOrNull(fieldsOf(context, key).get(textOf(field))))),
  ),
  read('hgetall', 2, (context, key) =>
    array([...fieldsOf(context, key)].flatMap(([field, value]) => [bulkText(field), bulk(value)])),
  ),
  read('hkeys', 2, (context, key) => array([...fieldsOf(context, key).keys()].map(bulkText))),
  read('hvals', 2, (context, key) => array([...fieldsOf(context, key).values()].map(bulk))),
  read('hlen', 2, (context, key) => integer(fieldsOf(context, key).size)),
  read('hexists', 3, (context, key, args) =>
    integer(fieldsOf(context, key).has(textOf(argument(args, 1))) ? 1 : 0),
  ),
  read('hstrlen', 3, (context, key, args) =>
    integer(fieldsOf(context, key).get(textOf(argument(args, 1)))?.length ?? 0),
  ),
];
