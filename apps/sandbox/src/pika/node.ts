import { type RespAddress, type RespReply, type RespSession, RespServer, failure } from '../resp';
import { ADMIN_COMMANDS } from './admin/commands';
import { type BinlogEntry } from './binlog';
import { newCounters } from './counters';
import { wrongNumber } from './data/command';
import { KEYED, MULTI_KEYED, UNSUPPORTED, fitsArity } from './data/commands';
import { DataCommands, replay } from './data-commands';
import { type NodeContext } from './node-context';
import { type Network } from './network';
import { type PikaNodeOptions } from './options';
import { type Condition, type CopyAnswer, type CopyRequest, type SlotAddress } from './peer';
import { type SyncAnswer, type SyncRequest } from './peer';
import { findPkclusterCommand } from './pkcluster/commands';
import { MasterSide } from './replication/master-side';
import { SlaveSide } from './replication/slave-side';
import { Schedule } from './schedule';
import { isLoggedIn } from './session-state';
import { type Slot } from './slot';
import { SlotChanges } from './slot-changes';
import { Store } from './store';
import { type Tap, tapped } from '../tap';
import { type Dialect, dialectOf } from './versions';

const NO_AUTH = failure('NOAUTH Authentication required.');
const NOT_SUPPORTED = failure('ERR This command is not supported in current configuration');

/**
 * One Pika server in sharding mode, as faithful to the recorded ones as a client can tell. Its faults: `crash` and `restart`, `freeze`
 * and `thaw`, a full disk, writes held back from its slaves.
 */
export class PikaNode implements NodeContext {
  readonly name: string;
  readonly dialect: Dialect;
  readonly password: string;
  readonly counters = newCounters();
  readonly store: Store;
  readonly schedule = new Schedule(() => this.condition);
  readonly changes = new SlotChanges(this.schedule, this.counters);
  readonly slaves: SlaveSide;
  readonly masters: MasterSide;
  readonly server: RespServer;
  /** Writes and full copies fail, as on a full disk; reads go on. */
  isDiskFull = false;
  holdsReplication = false;
  /** Is asked about every PKCLUSTER command. */
  tap: Tap | undefined;
  startedAt = Date.now();
  private readonly data: DataCommands;
  private state: Condition = 'down';
  private listening: RespAddress = { host: '127.0.0.1', port: 0 };

  constructor(
    readonly options: PikaNodeOptions,
    readonly network: Network,
  ) {
    this.name = options.name;
    this.password = options.password ?? '';
    this.dialect = dialectOf(options.version ?? '3.4.1');
    this.store = new Store(options.slotCount ?? 1_024, options.binlog);
    this.server = new RespServer((args, session, raw) => this.handle(args, session, raw));
    this.slaves = new SlaveSide(this, network);
    this.masters = new MasterSide(this, network);
    this.data = new DataCommands(this);
  }

  get condition(): Condition {
    return this.state;
  }

  get host(): string {
    return this.listening.host;
  }

  get port(): number {
    return this.listening.port;
  }

  get address(): string {
    return `${this.host}:${this.port}`;
  }

  async start(): Promise<void> {
    this.listening = await this.server.listen(this.options.port ?? 0, this.options.host);
    this.network.add(this);
    this.state = 'running';
    this.startedAt = Date.now();
    this.watch();
  }

  /** The process ends without a word: connections are reset, the port refuses. Data, positions and slots stay on the disk. */
  async crash(): Promise<void> {
    if (this.state === 'down') return;
    this.state = 'down';
    this.counters.crashes += 1;
    this.counters.copiesUnderWay = 0;
    this.schedule.clear();
    this.slaves.reset();
    this.masters.reset();
    this.changes.reset();
    for (const slot of this.store.slots) slot.forgetPeers();
    await this.server.close();
  }

  /** Starts it again on the same port. What it knew about masters and slaves is gone: every slot is a writable master. */
  async restart(): Promise<void> {
    await this.crash();
    await this.start();
  }

  /** Stops the process: connections are accepted, nothing is answered, nothing replicated. */
  freeze(): void {
    if (this.state !== 'running') return;
    this.state = 'frozen';
    this.server.freeze();
  }

  thaw(): void {
    if (this.state !== 'frozen') return;
    this.state = 'running';
    this.schedule.thaw();
    this.server.thaw();
  }

  /** Cuts the node off from one host that is no node, by its address, until `restore`. */
  sever(host: string): void {
    this.server.sever(host);
  }

  restore(host: string): void {
    this.server.restore(host);
  }

  /** Ends it for good. */
  async close(): Promise<void> {
    await this.crash();
    this.network.remove(this);
  }

  findSlot({ table, slot }: SlotAddress): Slot | undefined {
    return this.store.table(table)?.find(slot);
  }

  onWrite = (slot: Slot): void => this.masters.wake(slot);

  onSync(request: SyncRequest): SyncAnswer | null {
    return this.masters.onSync(request);
  }

  onReady(ref: SlotAddress, slave: string): void {
    this.masters.onReady(ref, slave);
  }

  onCopy(request: CopyRequest): CopyAnswer | null {
    const answer = this.masters.onCopy(request);
    if (answer?.ready) this.countCopy();
    if (!answer && this.dialect.diesOfForeignCopy) void this.crash();
    return answer;
  }

  onLeave(ref: SlotAddress, slave: string): void {
    this.masters.onLeave(ref, slave);
  }

  onEntry(ref: SlotAddress, master: string, entry: BinlogEntry): boolean {
    const slot = this.findSlot(ref);
    const { attachment } = slot ?? {};
    if (!slot || attachment?.state !== 'kConnected' || this.isDiskFull) return false;
    if (attachment.master !== master && this.network.find(attachment.master)?.address !== master)
      return false;
    const slotCount = this.store.table(ref.table)?.slotCount ?? 1;
    replay(slot, entry.payload, (key) => this.dialect.slotOf(key, slotCount) === slot.id);
    slot.binlog.adopt(entry, performance.now());
    if (slot.feeds.length === 0) slot.binlog.purge();
    else this.masters.wake(slot);
    return true;
  }

  private handle(args: Buffer[], session: RespSession, raw: Buffer): RespReply | Promise<RespReply> {
    this.counters.commands += 1;
    const name = args[0]?.toString('latin1').toLowerCase() ?? '';
    if (this.password !== '' && name !== 'auth' && !isLoggedIn(session)) return NO_AUTH;
    const single = KEYED.get(name);
    if (single) return this.whenFree(() => this.data.single(single, args, session, raw));
    const multi = MULTI_KEYED.get(name);
    if (multi) return this.whenFree(() => this.data.multi(multi, args, session, raw));
    if (name === 'pkcluster') return this.tap ? this.tapped(this.tap, args, session) : this.pkcluster(args);
    return this.admin(name, args, session);
  }

  /** Data commands wait while slots are created or deleted. */
  private whenFree(run: () => RespReply): RespReply | Promise<RespReply> {
    const { holdUp } = this.changes;
    return holdUp ? holdUp.then(() => this.whenFree(run)) : run();
  }

  private async tapped(tap: Tap, args: Buffer[], session: RespSession): Promise<RespReply> {
    const reply = await tapped(tap, args.join(' ').toLowerCase(), () => this.pkcluster(args));
    if (reply !== undefined) return reply;
    session.socket.destroy();
    return Buffer.alloc(0);
  }

  private pkcluster(args: Buffer[]): RespReply | Promise<RespReply> {
    const words = args.map((word) => word.toString());
    const sub = words[1]?.toLowerCase() ?? '';
    const command = findPkclusterCommand(sub, this.dialect);
    if (!command) return failure(this.dialect.unknownCommand(`pkcluster${sub}`));
    return command(this, words);
  }

  private admin(name: string, args: Buffer[], session: RespSession): RespReply | Promise<RespReply> {
    if (name === 'slaveof' && !this.dialect.refusesSlaveof) return { type: 'simple', text: 'OK' };
    const command = ADMIN_COMMANDS.get(name);
    if (!command) {
      return UNSUPPORTED.has(name) ? NOT_SUPPORTED : failure(this.dialect.unknownCommand(name));
    }
    if (!fitsArity(command.arity, args.length)) return wrongNumber(name);
    return command.run(this, args, session);
  }

  /** Looks after the attachments, many times within the time-out. */
  private watch(): void {
    const now = performance.now();
    for (const slot of this.store.slots) {
      if (slot.attachment) this.slaves.watch(slot, now);
      if (slot.feeds.length > 0) this.masters.watch(slot, now);
    }
    const interval = Math.min(250, Math.max(10, this.network.costs.peerTimeoutMs / 20));
    this.schedule.after(interval, () => this.watch());
  }

  private countCopy(): void {
    const { counters } = this;
    counters.copiesServed += 1;
    counters.copiesUnderWay += 1;
    counters.mostCopiesUnderWay = Math.max(counters.mostCopiesUnderWay, counters.copiesUnderWay);
    this.schedule.after(this.network.costs.of('fullCopy'), () => {
      counters.copiesUnderWay -= 1;
    });
  }
}
