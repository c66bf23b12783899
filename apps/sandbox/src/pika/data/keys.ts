import { integer, simple } from '../../resp';
import { type CommandContext, type KeyCommand, argument, parseInteger, read, write } from './command';
import { type Timed } from './slot-data';

function live({ data, now }: CommandContext, key: string): Timed<unknown>[] {
  return data.spaces.flatMap(({ space }) => space.find(key, now) ?? []);
}

function expireAt(context: CommandContext, key: string, deadline: number): ReturnType<KeyCommand['run']> {
  const entries = live(context, key);
  for (const entry of entries) entry.expiresAt = deadline;
  if (deadline <= context.now) for (const { space } of context.data.spaces) space.delete(key, context.now);
  return integer(entries.length > 0 ? 1 : 0);
}

/** Whole seconds from 1970 until a time to live given in that unit ends. */
const deadline = (bytes: Buffer, unit: number, now: number): number =>
  Math.floor(now / 1_000) + Math.floor((parseInteger(bytes) * unit) / 1_000);

const expireIn = (name: string, unit: number): KeyCommand =>
  write(
    name,
    3,
    (context, key, args) => expireAt(context, key, deadline(argument(args, 1), unit, context.now) * 1_000),
    (args, _reply, now) => ['expireat', argument(args, 1), String(deadline(argument(args, 2), unit, now))],
  );

/** @param unit milliseconds of one unit of the reply */
const timeToLive = (name: string, unit: number): KeyCommand =>
  read(name, 2, (context, key) => {
    const [entry] = live(context, key);
    if (!entry) return integer(-2);
    if (entry.expiresAt === 0) return integer(-1);
    return integer(Math.max(0, Math.ceil((entry.expiresAt - context.now) / unit)));
  });

const persist: KeyCommand['run'] = (context, key) => {
  const expiring = live(context, key).filter((entry) => entry.expiresAt !== 0);
  for (const entry of expiring) entry.expiresAt = 0;
  return integer(expiring.length > 0 ? 1 : 0);
};

/** Commands on a key of any type. */
export const KEY_COMMANDS: readonly KeyCommand[] = [
  expireIn('expire', 1_000),
  expireIn('pexpire', 1),
  write('expireat', 3, (context, key, args) =>
    expireAt(context, key, parseInteger(argument(args, 1)) * 1_000),
  ),
  write(
    'pexpireat',
    3,
    (context, key, args) =>
      expireAt(context, key, Math.floor(parseInteger(argument(args, 1)) / 1_000) * 1_000),
    (args) => ['expireat', argument(args, 1), String(Math.floor(parseInteger(argument(args, 2)) / 1_000))],
  ),
  write('persist', 2, persist),
  timeToLive('ttl', 1_000),
  timeToLive('pttl', 1),
  read('type', 2, ({ data, now }, key) =>
    simple(data.spaces.find(({ space }) => space.find(key, now))?.type ?? 'none'),
  ),
];
