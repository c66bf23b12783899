import { type RespSession, type RespValue, decodeRequest, encodeRequest, failure } from '../resp';
import { type NodeCounters } from './counters';
import { type CommandContext, type KeyCommand, CommandError, bytesOf, wrongNumber } from './data/command';
import { KEYED, MULTI_KEYED, fitsArity } from './data/commands';
import { type KeyedWords, type MultiKeyCommand, keyedWords } from './data/multi-key';
import { tableOf } from './session-state';
import { type Slot } from './slot';
import { type Store } from './store';
import { type Table } from './table';
import { type Dialect } from './versions';

export interface DataHost {
  readonly store: Store;
  readonly dialect: Dialect;
  readonly counters: NodeCounters;
  readonly isDiskFull: boolean;
  /** Told after every write to a slot. */
  readonly onWrite: (slot: Slot) => void;
}

const NOT_FOUND = failure('ERR Partition not found');
const READ_ONLY = failure('ERR Server in read-only');
/** What RocksDB says; the node lives on and serves reads. */
const DISK_FULL = failure('ERR IO error: No space left on deviceWhile appending to file');

/** Runs commands on keys of the slots that a node holds. */
export class DataCommands {
  constructor(private readonly host: DataHost) {}

  /** A command on one key. */
  single(command: KeyCommand, args: Buffer[], session: RespSession, raw: Buffer): RespValue {
    const [, key] = args;
    if (!key || !fitsArity(command.arity, args.length)) return wrongNumber(command.name);
    const table = this.host.store.table(tableOf(session));
    const slot = table?.find(this.host.dialect.slotOf(key, table.slotCount));
    if (!table || !slot) return NOT_FOUND;
    count(table, command.writes);
    if (!command.writes) return this.run(command, slot, args);
    return this.refusalOf([slot]) ?? this.write(command, slot, raw);
  }

  /** A command on many keys, in whatever slots. */
  multi(command: MultiKeyCommand, args: Buffer[], session: RespSession, raw: Buffer): RespValue {
    if (!fitsArity(command.arity, args.length)) return wrongNumber(command.name);
    const table = this.host.store.table(tableOf(session));
    const owned = command.writes ? Buffer.from(raw) : raw;
    const words = keyedWords(command, decodeRequest(owned));
    if ('type' in words) return words;
    const bySlot = table && this.group(table, words);
    if (!table || !bySlot) return NOT_FOUND;
    count(table, command.writes);
    const refusal = command.writes ? this.refusalOf([...bySlot.keys()]) : undefined;
    if (refusal) return refusal;
    return command.reply(this.runEverywhere(command, bySlot, words.length, owned));
  }

  private runEverywhere(
    command: MultiKeyCommand,
    bySlot: Map<Slot, KeyedWords[]>,
    length: number,
    request: Buffer,
  ): (Buffer | number | undefined)[] {
    const parts = new Array<Buffer | number | undefined>(length);
    const payload = asArray(request);
    for (const [slot, words] of bySlot) {
      const results = command.run({ data: slot.data, now: Date.now() }, words);
      words.forEach(({ order }, index) => (parts[order] = results[index]));
      if (command.writes) this.log(slot, payload);
    }
    return parts;
  }

  private group(table: Table, words: readonly KeyedWords[]): Map<Slot, KeyedWords[]> | undefined {
    const bySlot = new Map<Slot, KeyedWords[]>();
    for (const word of words) {
      const slot = table.find(this.host.dialect.slotOf(bytesOf(word.key), table.slotCount));
      if (!slot) return undefined;
      const present = bySlot.get(slot);
      if (present) present.push(word);
      else bySlot.set(slot, [word]);
    }
    return bySlot;
  }

  private refusalOf(slots: readonly Slot[]): RespValue | undefined {
    if (slots.some((slot) => slot.attachment)) {
      this.host.counters.readOnlyRefusals += 1;
      return READ_ONLY;
    }
    return this.host.isDiskFull ? DISK_FULL : undefined;
  }

  private run(command: KeyCommand, slot: Slot, args: Buffer[]): RespValue {
    try {
      return runOn(command, { data: slot.data, now: Date.now() }, args);
    } catch (error) {
      if (error instanceof CommandError) return failure(error.message);
      throw error;
    }
  }

  private write(command: KeyCommand, slot: Slot, raw: Buffer): RespValue {
    // The request is copied once: what is stored must not pin the memory of the network.
    const owned = Buffer.from(raw);
    const args = decodeRequest(owned);
    const reply = this.run(command, slot, args);
    if (reply.type === 'error') return reply;
    const logged = command.log ? command.log(args, reply, Date.now()) : args;
    if (logged) this.log(slot, logged === args ? asArray(owned) : encodeRequest(logged));
    return reply;
  }

  private log(slot: Slot, payload: Buffer): void {
    this.host.counters.writes += 1;
    slot.binlog.append(payload, performance.now());
    if (slot.feeds.length === 0) slot.binlog.purge();
    else this.host.onWrite(slot);
  }
}

/** Runs a write of the master on a slave's data. Of a command on many keys it takes the keys of that slot. */
export function replay(slot: Slot, payload: Buffer, belongsHere: (key: Buffer) => boolean): void {
  const args = decodeRequest(payload);
  const name = args[0]?.toString('latin1').toLowerCase() ?? '';
  const context = { data: slot.data, now: Date.now() };
  const single = KEYED.get(name);
  if (single) {
    runOn(single, context, args);
    return;
  }
  const multi = MULTI_KEYED.get(name);
  const words = multi && keyedWords(multi, args);
  if (multi && words && !('type' in words)) {
    multi.run(
      context,
      words.filter(({ key }) => belongsHere(bytesOf(key))),
    );
  }
}

function runOn(command: KeyCommand, context: CommandContext, args: readonly Buffer[]): RespValue {
  const rest = args.slice(1);
  return command.run(context, rest[0]?.toString('latin1') ?? '', rest);
}

function count(table: Table, isWrite: boolean): void {
  table.commands += 1;
  if (isWrite) table.writes += 1;
}

const ASTERISK = 0x2a;

/** A request typed as a line counts in the binlog as if it had come as an array. */
function asArray(request: Buffer): Buffer {
  return request[0] === ASTERISK ? request : encodeRequest(decodeRequest(request));
}
