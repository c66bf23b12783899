import { OK, array } from '../../resp';
import { type KeyCommand, CommandError, argument, parseInteger, syntaxError, textOf, write } from './command';

interface SetOptions {
  readonly condition: 'always' | 'absent' | 'present';
  /** Milliseconds to live, or undefined for ever. */
  readonly ttl: number | undefined;
}

/** Times to live end at whole seconds, as Pika keeps them. */
export const deadlineSeconds = (ttlMs: number, now: number): number =>
  Math.floor(now / 1_000) + Math.max(1, Math.floor(ttlMs / 1_000));

/**
 * SET key value [EX s | PX ms] [NX | XX]. A condition that does not hold answers a null array. With a time to live alone the binlog
 * has `pksetexat`; with a condition it has the command as it came, also when nothing was set.
 */
export const setWithOptions: KeyCommand = write(
  'set',
  -3,
  ({ data, now }, key, args) => {
    if (args.length > 2) {
      const { condition, ttl } = parseOptions(args.slice(2));
      const exists = data.strings.find(key, now) !== undefined;
      if (condition === 'absent' && exists) return array(null);
      if (condition === 'present' && !exists) return array(null);
      data.strings.set(key, argument(args, 1), ttl === undefined ? 0 : deadlineSeconds(ttl, now) * 1_000);
      return OK;
    }
    data.strings.set(key, argument(args, 1));
    return OK;
  },
  (args, _reply, now) => {
    const { condition, ttl } = parseOptions(args.slice(3));
    if (condition !== 'always' || ttl === undefined) return [...args];
    return ['pksetexat', argument(args, 1), String(deadlineSeconds(ttl, now)), argument(args, 2)];
  },
);

function parseOptions(words: readonly Buffer[]): SetOptions {
  let condition: SetOptions['condition'] = 'always';
  let ttl: number | undefined;
  for (let index = 0; index < words.length; index += 1) {
    const word = textOf(argument(words, index)).toLowerCase();
    if (word === 'nx') condition = 'absent';
    else if (word === 'xx') condition = 'present';
    else if (word === 'ex' || word === 'px') {
      index += 1;
      ttl = parseInteger(argument(words, index)) * (word === 'ex' ? 1_000 : 1);
      if (ttl <= 0) throw new CommandError('ERR invalid expire time in set');
    } else throw syntaxError();
  }
  return { condition, ttl };
}
