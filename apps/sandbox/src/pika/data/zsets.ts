import { type RespValue, NULL_BULK, array, bulk, integer } from '../../resp';
import { type CommandContext, type KeyCommand, argument, bulkText, formatFloating } from './command';
import { notAFloat, parseFloating, parseInteger, rangeOf, read, syntaxError, textOf, write } from './command';

type Scores = ReadonlyMap<string, number>;
type Ranked = readonly [member: string, score: number];

const NONE: Scores = new Map();
const scoresOf = ({ data, now }: CommandContext, key: string): Scores => data.zsets.get(key, now) ?? NONE;

/** Members by score, then by their bytes. */
const ranked = (scores: Scores): Ranked[] =>
  [...scores].sort(([a, x], [b, y]) => (x === y ? (a < b ? -1 : 1) : x - y));

const printed = (members: readonly Ranked[], options: readonly Buffer[]): RespValue => {
  const isScored = options.some((word) => textOf(word).toLowerCase() === 'withscores');
  return array(
    members.flatMap(([member, score]) =>
      isScored ? [bulkText(member), bulk(formatFloating(score))] : [bulkText(member)],
    ),
  );
};

const add: KeyCommand['run'] = ({ data, now }, key, args) => {
  if (args.length % 2 === 0) throw syntaxError();
  const pairs = args
    .slice(1)
    .flatMap((word, index, words) =>
      index % 2 === 0 ? [[textOf(argument(words, index + 1)), parseFloating(word)] as const] : [],
    );
  const scores = data.zsets.getOrCreate(key, now, () => new Map());
  const before = scores.size;
  for (const [member, score] of pairs) scores.set(member, score);
  return integer(scores.size - before);
};

const remove = ({ data, now }: CommandContext, key: string, members: readonly string[]): RespValue => {
  const scores = data.zsets.get(key, now);
  const removed = members.filter((member) => scores?.delete(member)).length;
  if (scores?.size === 0) data.zsets.delete(key, now);
  return integer(removed);
};

const increase: KeyCommand['run'] = ({ data, now }, key, args) => {
  const by = parseFloating(argument(args, 1));
  const scores = data.zsets.getOrCreate(key, now, () => new Map());
  const member = textOf(argument(args, 2));
  const score = (scores.get(member) ?? 0) + by;
  if (Number.isNaN(score)) throw notAFloat();
  scores.set(member, score);
  return bulk(formatFloating(score));
};

/** @param order puts members from the lowest score up into the order wanted */
const range =
  (order: (members: Ranked[]) => Ranked[]): KeyCommand['run'] =>
  (context, key, args) => {
    const members = order(ranked(scoresOf(context, key)));
    const found = rangeOf(parseInteger(argument(args, 1)), parseInteger(argument(args, 2)), members.length);
    return printed(found ? members.slice(found.from, found.to + 1) : [], args.slice(3));
  };

function boundOf(word: Buffer): { value: number; isOpen: boolean } {
  const isOpen = word[0] === 0x28;
  return { value: parseFloating(isOpen ? word.subarray(1) : word), isOpen };
}

function between(context: CommandContext, key: string, low: Buffer, high: Buffer): Ranked[] {
  const from = boundOf(low);
  const to = boundOf(high);
  return ranked(scoresOf(context, key)).filter(
    ([, score]) =>
      (from.isOpen ? score > from.value : score >= from.value) &&
      (to.isOpen ? score < to.value : score <= to.value),
  );
}

function limited(members: Ranked[], options: readonly Buffer[]): Ranked[] {
  const at = options.findIndex((word) => textOf(word).toLowerCase() === 'limit');
  if (at < 0) return members;
  const offset = parseInteger(argument(options, at + 1));
  const count = parseInteger(argument(options, at + 2));
  return members.slice(offset, count < 0 ? undefined : offset + count);
}

const rank =
  (order: (members: Ranked[]) => Ranked[]): KeyCommand['run'] =>
  (context, key, args) => {
    const wanted = textOf(argument(args, 1));
    const index = order(ranked(scoresOf(context, key))).findIndex(([member]) => member === wanted);
    return index < 0 ? NULL_BULK : integer(index);
  };

const upwards = (members: Ranked[]): Ranked[] => members;
const downwards = (members: Ranked[]): Ranked[] => members.reverse();

/** Commands on sorted sets. */
export const ZSET_COMMANDS: readonly KeyCommand[] = [
  write('zadd', -4, add),
  write('zincrby', 4, increase),
  write('zrem', -3, (context, key, args) => remove(context, key, args.slice(1).map(textOf))),
  write('zremrangebyscore', 4, (context, key, args) =>
    remove(
      context,
      key,
      between(context, key, argument(args, 1), argument(args, 2)).map(([member]) => member),
    ),
  ),
  write('zremrangebyrank', 4, (context, key, args) => {
    const members = ranked(scoresOf(context, key));
    const found = rangeOf(parseInteger(argument(args, 1)), parseInteger(argument(args, 2)), members.length);
    return remove(
      context,
      key,
      found ? members.slice(found.from, found.to + 1).map(([member]) => member) : [],
    );
  }),
  read('zcard', 2, (context, key) => integer(scoresOf(context, key).size)),
  read('zscore', 3, (context, key, args) => {
    const score = scoresOf(context, key).get(textOf(argument(args, 1)));
    return score === undefined ? NULL_BULK : bulk(formatFloating(score));
  }),
  read('zcount', 4, (context, key, args) =>
    integer(between(context, key, argument(args, 1), argument(args, 2)).length),
  ),
  read('zrank', 3, rank(upwards)),
  read('zrevrank', 3, rank(downwards)),
  read('zrange', -4, range(upwards)),
  read('zrevrange', -4, range(downwards)),
  read('zrangebyscore', -4, (context, key, args) =>
    printed(
      limited(between(context, key, argument(args, 1), argument(args, 2)), args.slice(3)),
      args.slice(3),
    ),
  ),
  read('zrevrangebyscore', -4, (context, key, args) =>
    printed(
      limited(between(context, key, argument(args, 2), argument(args, 1)).reverse(), args.slice(3)),
      args.slice(3),
    ),
  ),
];
