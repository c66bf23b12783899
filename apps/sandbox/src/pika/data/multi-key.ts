import { type RespValue, NULL_BULK, OK, array, bulk, integer } from '../../resp';
import { type CommandContext, textOf, wrongNumber } from './command';

/** The slot's part of the arguments of a command on many keys. */
export interface KeyedWords {
  /** Where in the whole command the key stands, counted from 0. */
  readonly order: number;
  readonly key: string;
  readonly value: Buffer | undefined;
}

/**
 * A command on keys that may lie in many slots. Every slot runs its own keys; the binlog of each slot gets the **whole** command.
 */
export interface MultiKeyCommand {
  readonly name: string;
  readonly arity: number;
  readonly writes: boolean;
  /** 1: key, key, ... 2: key, value, key, value, ... */
  readonly stride: 1 | 2;
  /** What one slot contributes, one number or value a key. */
  readonly run: (context: CommandContext, words: readonly KeyedWords[]) => (Buffer | number | undefined)[];
  readonly reply: (parts: readonly (Buffer | number | undefined)[]) => RespValue;
}

const sum = (parts: readonly (Buffer | number | undefined)[]): RespValue =>
  integer(parts.reduce<number>((total, part) => total + (typeof part === 'number' ? part : 0), 0));

/** Commands on many keys. */
export const MULTI_KEY_COMMANDS: readonly MultiKeyCommand[] = [
  {
    name: 'mget',
    arity: -2,
    writes: false,
    stride: 1,
    run: ({ data, now }, words) => words.map(({ key }) => data.strings.get(key, now)),
    reply: (parts) => array(parts.map((part) => (Buffer.isBuffer(part) ? bulk(part) : NULL_BULK))),
  },
  {
    name: 'mset',
    arity: -3,
    writes: true,
    stride: 2,
    run: ({ data }, words) =>
      words.map(({ key, value }) => {
        if (value) data.strings.set(key, value);
        return 1;
      }),
    reply: () => OK,
  },
  {
    name: 'del',
    arity: -2,
    writes: true,
    stride: 1,
    run: ({ data, now }, words) =>
      words.map(({ key }) => (data.spaces.filter(({ space }) => space.delete(key, now)).length > 0 ? 1 : 0)),
    reply: sum,
  },
  {
    name: 'exists',
    arity: -2,
    writes: false,
    stride: 1,
    run: ({ data, now }, words) =>
      words.map(({ key }) => data.spaces.filter(({ space }) => space.find(key, now)).length),
    reply: sum,
  },
];

/** The keys and values of the command, or an error reply when a value is missing. */
export function keyedWords(command: MultiKeyCommand, args: readonly Buffer[]): KeyedWords[] | RespValue {
  const words = args.slice(1);
  if (words.length % command.stride !== 0) return wrongNumber(command.name);
  const found: KeyedWords[] = [];
  for (let index = 0; index < words.length; index += command.stride) {
    const key = words[index];
    if (!key) continue;
    found.push({
      order: found.length,
      key: textOf(key),
      value: command.stride === 2 ? words[index + 1] : undefined,
    });
  }
  return found;
}
