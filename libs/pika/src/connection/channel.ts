import type { SendGate } from '@slotferry/cluster';
import { describeCommand } from '../describe-command';
import { parseInfoServer, type NodeInfo, type PikaVersion } from '../replies/info-server';
import { expectText, type Reply, type ReplyContext, unexpectedReply } from '../reply';
import type { Connection } from './connection';
import type { Endpoint } from './endpoint';
import { ExclusiveConnections } from './exclusive-connections';
import { ReadsTogether } from './reads-together';
import { SharedConnection } from './shared-connection';

/**
 * The ways to one node. Reads share a connection. Every change has one for itself, so that nothing slow delays it at the node.
 * Odd commands share a third: whatever state they leave in it (`SELECT`) concerns them alone.
 */
export class Channel {
  private readonly reads: SharedConnection;
  private readonly oddities: SharedConnection;
  private readonly changes: ExclusiveConnections;
  private readonly versions = new WeakMap<Connection, PikaVersion>();

  private readonly together: ReadsTogether;

  constructor(private readonly endpoint: Endpoint) {
    this.reads = new SharedConnection(endpoint);
    this.together = new ReadsTogether(this.reads, endpoint.commandTimeoutMs);
    this.oddities = new SharedConnection(endpoint);
    this.changes = new ExclusiveConnections(endpoint);
  }

  context(args: readonly (string | Buffer)[]): ReplyContext {
    return { node: this.endpoint.address, command: describeCommand(args) };
  }

  async read(args: readonly (string | Buffer)[]): Promise<Reply> {
    return this.readOn(await this.reads.get(), args);
  }

  /** The same for one of many small reads: those of the same moment are written in one piece. */
  readTogether(args: readonly (string | Buffer)[]): Promise<Reply> {
    return this.together.read(args);
  }

  async info(): Promise<NodeInfo> {
    return this.infoOn(await this.reads.get());
  }

  /** The version of the node, asked once for each connection: a node may come back as another version. */
  async version(): Promise<PikaVersion> {
    const connection = await this.reads.get();
    return this.versions.get(connection) ?? (await this.infoOn(connection)).version;
  }

  /** Sends a change and expects `+OK`. @param extraMs time it may take on top of the usual limit */
  async change(args: readonly string[], extraMs: number, gate?: SendGate): Promise<void> {
    const timeoutMs = this.endpoint.commandTimeoutMs + extraMs;
    const reply = await this.changes.with((connection) =>
      connection.send({ args, timeoutMs, changing: true, gate }),
    );
    if (Buffer.isBuffer(reply) && reply.toString() === 'OK') return;
    throw unexpectedReply(this.context(args), '+OK', reply, true);
  }

  async odd(args: readonly (string | Buffer)[], timeoutMs?: number, gate?: SendGate): Promise<Reply> {
    const connection = await this.oddities.get();
    const limit = timeoutMs ?? this.endpoint.commandTimeoutMs;
    return connection.send({ args, timeoutMs: limit, changing: true, gate });
  }

  async prepare(): Promise<void> {
    await Promise.all([this.reads.get(), this.changes.prepare()]);
  }

  async close(): Promise<void> {
    await Promise.all([this.reads.close(), this.oddities.close(), this.changes.close()]);
  }

  private readOn(connection: Connection, args: readonly (string | Buffer)[]): Promise<Reply> {
    return connection.send({ args, timeoutMs: this.endpoint.commandTimeoutMs, changing: false });
  }

  private async infoOn(connection: Connection): Promise<NodeInfo> {
    const args = ['INFO', 'server'];
    const context = this.context(args);
    const info = parseInfoServer(expectText(await this.readOn(connection, args), context), context);
    this.versions.set(connection, info.version);
    return info;
  }
}
