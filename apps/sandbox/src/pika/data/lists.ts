import { NULL_BULK, OK, array, bulk, integer } from '../../resp';
import { type CommandContext, type KeyCommand, CommandError, argument, bulkOrNull } from './command';
import { parseInteger, rangeOf, read, syntaxError, textOf, write } from './command';

const itemsOf = ({ data, now }: CommandContext, key: string): Buffer[] => data.lists.get(key, now) ?? [];

const keepIfFilled = ({ data, now }: CommandContext, key: string): void => {
  if (data.lists.get(key, now)?.length === 0) data.lists.delete(key, now);
};

/** @param put adds one item at an end */
const push =
  (put: (items: Buffer[], item: Buffer) => void): KeyCommand['run'] =>
  ({ data, now }, key, args) => {
    const items = data.lists.getOrCreate(key, now, () => []);
    for (const item of args.slice(1)) put(items, item);
    return integer(items.length);
  };

const pushIfExists =
  (put: (items: Buffer[], item: Buffer) => void): KeyCommand['run'] =>
  ({ data, now }, key, args) => {
    const items = data.lists.get(key, now);
    if (!items) return integer(0);
    put(items, argument(args, 1));
    return integer(items.length);
  };

const pop =
  (take: (items: Buffer[]) => Buffer | undefined): KeyCommand['run'] =>
  (context, key) => {
    const item = take(itemsOf(context, key));
    keepIfFilled(context, key);
    return item ? bulk(item) : NULL_BULK;
  };

const range: KeyCommand['run'] = (context, key, args) => {
  const items = itemsOf(context, key);
  const found = rangeOf(parseInteger(argument(args, 1)), parseInteger(argument(args, 2)), items.length);
  return array(found ? items.slice(found.from, found.to + 1).map(bulk) : []);
};

const trim: KeyCommand['run'] = (context, key, args) => {
  const items = itemsOf(context, key);
  const found = rangeOf(parseInteger(argument(args, 1)), parseInteger(argument(args, 2)), items.length);
  const kept = found ? items.slice(found.from, found.to + 1) : [];
  items.splice(0, items.length, ...kept);
  keepIfFilled(context, key);
  return OK;
};

const at = (items: Buffer[], position: Buffer): number => {
  const index = parseInteger(position);
  return index < 0 ? items.length + index : index;
};

const setAt: KeyCommand['run'] = ({ data, now }, key, args) => {
  const items = data.lists.get(key, now);
  if (!items) throw new CommandError('ERR no such key');
  const index = at(items, argument(args, 1));
  if (index < 0 || index >= items.length) throw new CommandError('ERR index out of range');
  items[index] = argument(args, 2);
  return OK;
};

const remove: KeyCommand['run'] = (context, key, args) => {
  const items = itemsOf(context, key);
  const count = parseInteger(argument(args, 1));
  const matches = items.flatMap((item, index) => (item.equals(argument(args, 2)) ? [index] : []));
  const limit = count === 0 ? matches.length : Math.abs(count);
  const chosen = new Set(count < 0 ? matches.slice(-limit) : matches.slice(0, limit));
  const kept = items.filter((_, index) => !chosen.has(index));
  items.splice(0, items.length, ...kept);
  keepIfFilled(context, key);
  return integer(chosen.size);
};

const insert: KeyCommand['run'] = (context, key, args) => {
  const side = textOf(argument(args, 1)).toLowerCase();
  if (side !== 'before' && side !== 'after') throw syntaxError();
  const items = itemsOf(context, key);
  if (items.length === 0) return integer(0);
  const pivot = items.findIndex((item) => item.equals(argument(args, 2)));
  if (pivot < 0) return integer(-1);
  items.splice(side === 'before' ? pivot : pivot + 1, 0, argument(args, 3));
  return integer(items.length);
};

/** Commands on lists. */
export const LIST_COMMANDS: readonly KeyCommand[] = [
  write(
    'lpush',
    -3,
    push((items, item) => items.unshift(item)),
  ),
  write(
    'rpush',
    -3,
    push((items, item) => items.push(item)),
  ),
  write(
    'lpushx',
    3,
    pushIfExists((items, item) => items.unshift(item)),
  ),
  write(
    'rpushx',
    3,
    pushIfExists((items, item) => items.push(item)),
  ),
  write(
    'lpop',
    2,
    pop((items) => items.shift()),
  ),
  write(
    'rpop',
    2,
    pop((items) => items.pop()),
  ),
  write('ltrim', 4, trim),
  write('lset', 4, setAt),
  write('lrem', 4, remove),
  write('linsert', 5, insert),
  read('lrange', 4, range),
  read('llen', 2, (context, key) => integer(itemsOf(context, key).length)),
  read('lindex', 3, (context, key, args) => {
    const items = itemsOf(context, key);
    return bulkOrNull(items[at(items, argument(args, 1))]);
  }),
];
