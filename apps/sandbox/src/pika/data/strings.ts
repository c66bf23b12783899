import { NULL_BULK, OK, bulk, integer } from '../../resp';
import {
  type CommandContext,
  type KeyCommand,
  CommandError,
  argument,
  bulkOrNull,
  formatFloating,
  inRange,
  notAFloat,
  parseBigInteger,
  parseFloating,
  parseInteger,
  read,
  write,
} from './command';
import { deadlineSeconds, setWithOptions } from './set-command';

const EMPTY = Buffer.alloc(0);

const addInteger = (
  { data, now }: CommandContext,
  key: string,
  by: bigint,
): ReturnType<KeyCommand['run']> => {
  const present = data.strings.get(key, now);
  const sum = inRange(
    (present ? parseBigInteger(present) : 0n) + by,
    new CommandError('ERR increment or decrement would overflow'),
  );
  data.strings.replace(key, Buffer.from(String(sum)), now);
  return integer(Number.isSafeInteger(Number(sum)) ? Number(sum) : sum);
};

const addFloating: KeyCommand['run'] = ({ data, now }, key, args) => {
  const present = data.strings.get(key, now);
  const sum = (present ? parseFloating(present) : 0) + parseFloating(argument(args, 1));
  if (!Number.isFinite(sum)) throw notAFloat();
  const text = Buffer.from(formatFloating(sum));
  data.strings.replace(key, text, now);
  return bulk(text);
};

const append: KeyCommand['run'] = ({ data, now }, key, args) => {
  const joined = Buffer.concat([data.strings.get(key, now) ?? EMPTY, argument(args, 1)]);
  data.strings.replace(key, joined, now);
  return integer(joined.length);
};

/** As in Redis an end before the first byte counts as the first byte. */
const getRange: KeyCommand['run'] = ({ data, now }, key, args) => {
  const value = data.strings.get(key, now) ?? EMPTY;
  const start = parseInteger(argument(args, 1));
  const stop = parseInteger(argument(args, 2));
  if (start < 0 && stop < 0 && start > stop) return bulk(EMPTY);
  const from = Math.max(0, start < 0 ? value.length + start : start);
  const to = Math.max(0, stop < 0 ? value.length + stop : stop);
  return bulk(value.subarray(from, to + 1));
};

const setRange: KeyCommand['run'] = ({ data, now }, key, args) => {
  const offset = parseInteger(argument(args, 1));
  const patch = argument(args, 2);
  if (offset < 0) throw new CommandError('ERR Corruption: offset < 0');
  const value = data.strings.get(key, now) ?? EMPTY;
  const changed = Buffer.alloc(Math.max(value.length, offset + patch.length));
  value.copy(changed);
  patch.copy(changed, offset);
  data.strings.replace(key, changed, now);
  return integer(changed.length);
};

const getSet: KeyCommand['run'] = ({ data, now }, key, args) => {
  const old = data.strings.get(key, now);
  data.strings.set(key, argument(args, 1));
  return old?.length ? bulk(old) : NULL_BULK;
};

const setIfAbsent: KeyCommand['run'] = ({ data, now }, key, args) => {
  if (data.strings.find(key, now)) return integer(0);
  data.strings.set(key, argument(args, 1));
  return integer(1);
};

/** @param unit milliseconds of one unit of the time to live */
const setExpiring =
  (unit: number): KeyCommand['run'] =>
  ({ data, now }, key, args) => {
    const ttl = parseInteger(argument(args, 1));
    if (ttl <= 0) throw new CommandError('ERR Corruption: invalid expire time');
    data.strings.set(key, argument(args, 2), deadlineSeconds(ttl * unit, now) * 1_000);
    return OK;
  };

const logExpiring =
  (unit: number): NonNullable<KeyCommand['log']> =>
  (args, _reply, now) => [
    'pksetexat',
    argument(args, 1),
    String(deadlineSeconds(parseInteger(argument(args, 2)) * unit, now)),
    argument(args, 3),
  ];

const setAt: KeyCommand['run'] = ({ data, now }, key, args) => {
  const deadline = parseInteger(argument(args, 1)) * 1_000;
  if (deadline <= now) data.strings.delete(key, now);
  else data.strings.set(key, argument(args, 2), deadline);
  return OK;
};

/** Commands on strings. */
export const STRING_COMMANDS: readonly KeyCommand[] = [
  read('get', 2, ({ data, now }, key) => bulkOrNull(data.strings.get(key, now))),
  read('strlen', 2, ({ data, now }, key) => integer(data.strings.get(key, now)?.length ?? 0)),
  read('getrange', 4, getRange),
  setWithOptions,
  write('setnx', 3, setIfAbsent, (args, reply) =>
    reply.type === 'integer' && reply.value === 1 ? ['set', argument(args, 1), argument(args, 2)] : null,
  ),
  write('setex', 4, setExpiring(1_000), logExpiring(1_000)),
  write('psetex', 4, setExpiring(1), logExpiring(1)),
  write('pksetexat', 4, setAt),
  write('getset', 3, getSet),
  write('append', 3, append),
  write('setrange', 4, setRange),
  write('incr', 2, (context, key) => addInteger(context, key, 1n)),
  write('decr', 2, (context, key) => addInteger(context, key, -1n)),
  write('incrby', 3, (context, key, args) => addInteger(context, key, parseBigInteger(argument(args, 1)))),
  write('decrby', 3, (context, key, args) => addInteger(context, key, -parseBigInteger(argument(args, 1)))),
  write('incrbyfloat', 3, addFloating),
];
