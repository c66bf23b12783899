import { NULL_BULK, array, integer } from '../../resp';
import {
  type CommandContext,
  type KeyCommand,
  argument,
  bulkText,
  parseInteger,
  read,
  textOf,
  write,
} from './command';

const NONE: ReadonlySet<string> = new Set();
const membersOf = ({ data, now }: CommandContext, key: string): ReadonlySet<string> =>
  data.sets.get(key, now) ?? NONE;

const add: KeyCommand['run'] = ({ data, now }, key, args) => {
  const members = data.sets.getOrCreate(key, now, () => new Set());
  const before = members.size;
  for (const member of args.slice(1)) members.add(textOf(member));
  return integer(members.size - before);
};

const remove: KeyCommand['run'] = ({ data, now }, key, args) => {
  const members = data.sets.get(key, now);
  if (!members) return integer(0);
  const removed = args.slice(1).filter((member) => members.delete(textOf(member))).length;
  if (members.size === 0) data.sets.delete(key, now);
  return integer(removed);
};

const pop: KeyCommand['run'] = ({ data, now }, key) => {
  const members = data.sets.get(key, now);
  const [member] = members ?? [];
  if (!members || member === undefined) return NULL_BULK;
  members.delete(member);
  if (members.size === 0) data.sets.delete(key, now);
  return bulkText(member);
};

const random: KeyCommand['run'] = (context, key, args) => {
  const members = [...membersOf(context, key)];
  const start = Math.floor(Math.random() * members.length);
  if (args.length === 1) return members.length === 0 ? NULL_BULK : bulkText(members[start] ?? '');
  const count = Math.min(Math.abs(parseInteger(argument(args, 1))), members.length);
  return array([...members.slice(start), ...members.slice(0, start)].slice(0, count).map(bulkText));
};

/** Commands on sets. A member taken by SPOP is named in the binlog, so that every copy loses the same one. */
export const SET_COMMANDS: readonly KeyCommand[] = [
  write('sadd', -3, add),
  write('srem', -3, remove),
  write('spop', 2, pop, (args, reply) =>
    reply.type === 'bulk' && reply.data ? ['srem', argument(args, 1), reply.data] : null,
  ),
  read('scard', 2, (context, key) => integer(membersOf(context, key).size)),
  read('smembers', 2, (context, key) => array([...membersOf(context, key)].map(bulkText))),
  read('sismember', 3, (context, key, args) =>
    integer(membersOf(context, key).has(textOf(argument(args, 1))) ? 1 : 0),
  ),
  read('srandmember', -2, random),
];
