import { type RespValue, NULL_BULK, bulk, failure } from '../../resp';
import { type ByteText, type SlotData } from './slot-data';

/** What a command works on: the data of one slot, and the time. */
export interface CommandContext {
  readonly data: SlotData;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** A command on one key, its first argument. Throw `CommandError` for an error reply. */
export interface KeyCommand {
  readonly name: string;
  /** Number of words with the name; negative: at least as many. */
  readonly arity: number;
  readonly writes: boolean;
  readonly run: (context: CommandContext, key: ByteText, args: readonly Buffer[]) => RespValue;
  /**
   * What goes into the binlog when it is not the command as it came. Null: nothing.
   * @param args with the name
   */
  readonly log?: (args: readonly Buffer[], reply: RespValue, now: number) => (string | Buffer)[] | null;
}

/** An error reply of a command; the text is the reply without its dash. */
export class CommandError extends Error {
  readonly code = 'PIKA_COMMAND_ERROR';
}

export const notAnInteger = (): CommandError =>
  new CommandError('ERR value is not an integer or out of range');
export const notAFloat = (): CommandError => new CommandError('ERR value is not a valid float');
export const syntaxError = (): CommandError => new CommandError('ERR syntax error');

export const wrongNumber = (name: string): RespValue =>
  failure(`ERR wrong number of arguments for '${name}' command`);

export const read = (name: string, arity: number, run: KeyCommand['run']): KeyCommand => ({
  name,
  arity,
  writes: false,
  run,
});

export const write = (
  name: string,
  arity: number,
  run: KeyCommand['run'],
  log?: KeyCommand['log'],
): KeyCommand => ({ name, arity, writes: true, run, ...(log && { log }) });

/** The argument with that number, the key being number 0. */
export function argument(args: readonly Buffer[], index: number): Buffer {
  const found = args[index];
  if (!found) throw syntaxError();
  return found;
}

export const textOf = (bytes: Buffer): ByteText => bytes.toString('latin1');
export const bytesOf = (text: ByteText): Buffer => Buffer.from(text, 'latin1');
export const bulkText = (text: ByteText): RespValue => bulk(bytesOf(text));
export const bulkOrNull = (data: Buffer | undefined): RespValue => (data ? bulk(data) : NULL_BULK);

const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);

/** @throws CommandError when it is no 64-bit integer */
export function parseBigInteger(bytes: Buffer): bigint {
  const text = textOf(bytes);
  if (!/^-?\d{1,19}$/.test(text)) throw notAnInteger();
  return inRange(BigInt(text), notAnInteger());
}

/** @throws CommandError when it is no integer that a number can hold */
export function parseInteger(bytes: Buffer): number {
  const value = Number(parseBigInteger(bytes));
  if (!Number.isSafeInteger(value)) throw notAnInteger();
  return value;
}

/** @throws `error` when the value leaves 64 bits */
export function inRange(value: bigint, error: Error): bigint {
  if (value > INT64_MAX || value < INT64_MIN) throw error;
  return value;
}

/** @throws CommandError when it is no number */
export function parseFloating(bytes: Buffer): number {
  const text = textOf(bytes).toLowerCase();
  if (text === 'inf' || text === '+inf') return Infinity;
  if (text === '-inf') return -Infinity;
  if (text.trim() === '' || !Number.isFinite(Number(text))) throw notAFloat();
  return Number(text);
}

/** A number as Redis prints it. */
export function formatFloating(value: number): string {
  if (value === Infinity) return 'inf';
  return value === -Infinity ? '-inf' : String(value);
}

/** Start and end (inclusive) of a range in which negative numbers count from the end; null when nothing lies in it. */
export function rangeOf(start: number, stop: number, length: number): { from: number; to: number } | null {
  const from = Math.max(0, start < 0 ? length + start : start);
  const to = Math.min(length - 1, stop < 0 ? length + stop : stop);
  return from > to ? null : { from, to };
}
