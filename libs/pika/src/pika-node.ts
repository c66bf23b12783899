import type { SendGate } from '@slotferry/cluster';
import { checkMasterAddress, parseAddress } from './address';
import { checkSlots, checkTable, mistake } from './arguments';
import { Channel } from './connection/channel';
import { type Fingerprint, readFingerprint } from './fingerprint';
import { type KeyValue, type KeyValueLimits, readKeyValue } from './key-value';
import { parseConfigValue } from './replies/config-value';
import { knowsTables, type NodeInfo } from './replies/info-server';
import { type MigrationState, parseMigrationState } from './replies/migration-state';
import { parseSlotInfo, type SlotInfo } from './replies/slot-info';
import { parseSlotScan, type SlotScanPage } from './replies/slot-scan';
import { parseTables, type TableInfo } from './replies/table-info';
import { expectText, type TextReply, toTextReply, unexpectedReply } from './reply';
import * as commands from './slot-commands';

export interface PikaNodeOptions {
  /** `host:port`. */
  readonly address: string;
  /** The node's `requirepass`. Leave out for a node without one; a node without one takes any. */
  readonly password?: string;
  /** Address of this machine to connect from; the system chooses one when left out or null. */
  readonly sourceAddress?: string | null;
  /** Limit of the way to a connection, in ms; default 1,000. */
  readonly connectTimeoutMs?: number;
  /** Limit of the way from a command to its reply, in ms; default 3,000. Changes of slots get 500 ms more for each slot. */
  readonly commandTimeoutMs?: number;
}

/** Which slots shall follow which master. */
export interface Attachment {
  /** Address under which the master announces itself, `host:port`. Not `localhost`. */
  readonly master: string;
  readonly slots: readonly number[];
  /** Default 0. */
  readonly table?: number;
}

export interface RawOptions {
  /** Limit of the way to the reply, in ms. */
  readonly timeoutMs?: number;
  readonly gate?: SendGate;
}

/** Creating a slot takes 70-170 ms (each opens five RocksDB instances), deleting one about 4 ms. */
const EXTRA_MS_PER_SLOT = 500;

/**
 * One Pika node in sharding mode (3.2.9, 3.3, 3.4), as types. Connects on demand and anew after a loss; sends nothing twice.
 *
 * Every method throws PikaError. Changes take a gate: it is called when the connection is up, right before the bytes are
 * written, and when it throws, nothing is sent and its error is thrown on.
 *
 * Tables other than 0 exist from 3.3 on; 3.2.9 answers `unsupported` for them. Table 0 is never named on the wire. Keys are read
 * in table 0 only, so no `SELECT` is ever sent.
 */
export class PikaNode {
  readonly address: string;
  private readonly channel: Channel;

  /** @throws PikaError `syntax` when the address is none */
  constructor(options: PikaNodeOptions) {
    const { address } = options;
    const target = parseAddress(address);
    if (!target) {
      throw mistake(address, 'syntax', 'This is not the address of a node', 'Give the node as host:port.');
    }
    this.address = address;
    this.channel = new Channel({
      ...target,
      address,
      password: options.password || null,
      sourceAddress: options.sourceAddress ?? null,
      connectTimeoutMs: options.connectTimeoutMs ?? 1_000,
      commandTimeoutMs: options.commandTimeoutMs ?? 3_000,
    });
  }

  /** Opens the connections in advance, so that the next read and the next change need not. */
  prepare(): Promise<void> {
    return this.channel.prepare();
  }

  /** The node accepts, authenticates and answers. */
  async ping(): Promise<void> {
    const reply = await this.channel.read(['PING']);
    const context = this.channel.context(['PING']);
    if (expectText(reply, context) !== 'PONG') throw unexpectedReply(context, 'PONG', reply);
  }

  info(): Promise<NodeInfo> {
    return this.channel.info();
  }

  /** The tables of the node. On 3.2.9, which reports none, table 0 with the configured number of slots. */
  async tables(): Promise<TableInfo[]> {
    const args = ['PKCLUSTER', 'INFO', 'TABLE'];
    const context = this.channel.context(args);
    const tables = parseTables(expectText(await this.channel.read(args), context), context);
    if (tables.length > 0) return tables;
    const slots = await this.config('default-slot-num');
    if (slots === null || !/^\d+$/.test(slots)) {
      throw unexpectedReply(this.channel.context(['CONFIG']), 'a number of slots', null);
    }
    return [{ table: 0, slots: Number(slots), load: null }];
  }

  /** The value of one setting, or null when the node has no such setting. */
  async config(name: string): Promise<string | null> {
    const args = ['CONFIG', 'GET', name];
    return parseConfigValue(name, await this.channel.read(args), this.channel.context(args));
  }

  /**
   * The state of slots, by slot. Slots the node does not hold are missing from the answer.
   * @param slots default: every slot the node holds
   */
  async slots(slots?: readonly number[], table = 0): Promise<Map<number, SlotInfo>> {
    if (slots?.length === 0) return new Map();
    if (slots) checkSlots(this.address, slots);
    await this.requireTable(table);
    const infos = await Promise.all(
      (await this.slotRequests(slots, table)).map((args) => this.readSlots(args)),
    );
    return new Map(
      infos
        .flat()
        .filter((info) => info.table === table)
        .map((info) => [info.slot, info]),
    );
  }

  /** The state of one slot, or null when the node does not hold it. As cheap as can be: for hot loops. */
  async slot(slot: number, table = 0): Promise<SlotInfo | null> {
    return (await this.slots([slot], table)).get(slot) ?? null;
  }

  /**
   * Creates empty slots, all or none.
   * The node holds up every data command meanwhile, 65-170 ms a slot: where clients are served, create one at a time.
   */
  addSlots(slots: readonly number[], table = 0, gate?: SendGate): Promise<void> {
    return this.changeSlots(commands.addSlotsCommand, slots, table, gate);
  }

  /** Deletes slots and their data, all or none. Refused (`in-syncing`) while a slot has slaves or is one. */
  deleteSlots(slots: readonly number[], table = 0, gate?: SendGate): Promise<void> {
    return this.changeSlots(commands.deleteSlotsCommand, slots, table, gate);
  }

  /**
   * Lets slots of this node follow a master, from where their binlog ends. Returns before any data came.
   * Pika compares positions only: a copy with writes of its own stays different without an error, and an empty copy behind a
   * master that was itself filled by a full copy never gets anything. A master that lacks the slot leaves it waiting for ever.
   * Not atomic: on `master-unreachable` some slots may be detached from their old master already.
   */
  async attach(attachment: Attachment, gate?: SendGate): Promise<void> {
    const master = checkMasterAddress(this.address, attachment.master);
    const command = (slots: readonly number[], table: number): string[] =>
      commands.attachCommand(master, slots, table);
    return this.changeSlots(command, attachment.slots, attachment.table ?? 0, gate);
  }

  /**
   * The same, discarding what the slots hold and copying everything.
   * **Make sure first that the master holds every one of the slots: else its process crashes** (3.3.6, 3.4.1).
   * Does nothing, though it succeeds, for slots that are `kConnected` to that very master: detach them first, and wait until the
   * master no longer lists them.
   */
  async attachWithFullCopy(attachment: Attachment, gate?: SendGate): Promise<void> {
    const master = checkMasterAddress(this.address, attachment.master);
    const command = (slots: readonly number[], table: number): string[] =>
      commands.fullCopyCommand(master, slots, table);
    return this.changeSlots(command, attachment.slots, attachment.table ?? 0, gate);
  }

  /** Makes slots masters of their own, with the data they have. Succeeds for slots that follow nobody, too. */
  detach(slots: readonly number[], table = 0, gate?: SendGate): Promise<void> {
    return this.changeSlots(commands.detachCommand, slots, table, gate);
  }

  /** Creates a table that is cut into `slots` slots and holds none yet. */
  async addTable(table: number, slots: number, gate?: SendGate): Promise<void> {
    await this.requireTable(table);
    await this.channel.change(['PKCLUSTER', 'ADDTABLE', String(table), String(slots)], 0, gate);
  }

  /** What a Codis dashboard would read here about a migration of the slot (of table 0) to `target`, `host:port`. */
  async migrationState(target: string, slot: number): Promise<MigrationState> {
    const args = commands.migrationStateCommand(checkMasterAddress(this.address, target), slot);
    return parseMigrationState(await this.channel.read(args), this.channel.context(args));
  }

  /** One page of the keys of a slot of table 0. Begin with cursor `0`; the last page has cursor `0` again. */
  async scanSlot(slot: number, cursor: string, count: number): Promise<SlotScanPage> {
    checkSlots(this.address, [slot]);
    const args = ['SLOTSSCAN', String(slot), cursor, 'COUNT', String(count)];
    return parseSlotScan(await this.channel.read(args), this.channel.context(args));
  }

  /** What to compare of one key with its copy on another node. */
  fingerprint(key: string | Buffer): Promise<Fingerprint> {
    const read = (...args: (string | Buffer)[]) => this.channel.readTogether(args);
    return readFingerprint(read, key, this.channel.context(['FINGERPRINT']));
  }

  /** A key of table 0 with all it holds, within limits. */
  value(key: string | Buffer, limits: KeyValueLimits): Promise<KeyValue> {
    const read = (...args: (string | Buffer)[]) => this.channel.read(args);
    return readKeyValue(read, key, limits, this.channel.context(['VALUE']));
  }

  /** Any other command, on a connection apart. A lost reply leaves the outcome unknown. Error replies are thrown, typed. */
  async raw(args: readonly (string | Buffer)[], options: RawOptions = {}): Promise<TextReply> {
    return toTextReply(await this.channel.odd(args, options.timeoutMs, options.gate));
  }

  /** Closes all connections; what waits for a reply fails with `closed`. */
  close(): Promise<void> {
    return this.channel.close();
  }

  private async changeSlots(
    command: (slots: readonly number[], table: number) => string[],
    slots: readonly number[],
    table: number,
    gate: SendGate | undefined,
  ): Promise<void> {
    checkSlots(this.address, slots);
    await this.requireTable(table);
    await this.channel.change(command(slots, table), slots.length * EXTRA_MS_PER_SLOT, gate);
  }

  private async requireTable(table: number): Promise<void> {
    checkTable(this.address, table);
    if (table === 0) return;
    const version = await this.channel.version();
    if (knowsTables(version)) return;
    throw mistake(
      this.address,
      'unsupported',
      `Pika ${version.text} has no table ${table}`,
      'Use table 0, or a Pika from 3.3 on.',
    );
  }

  /** 3.2.9 takes one slot a command. */
  private async slotRequests(slots: readonly number[] | undefined, table: number): Promise<string[][]> {
    if (!slots || slots.length === 1 || knowsTables(await this.channel.version())) {
      return [commands.infoSlotCommand(slots, table)];
    }
    return slots.map((slot) => commands.infoSlotCommand([slot], table));
  }

  private async readSlots(args: string[]): Promise<SlotInfo[]> {
    const context = this.channel.context(args);
    return parseSlotInfo(expectText(await this.channel.read(args), context), context);
  }
}
