import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';
import { type RespAddress } from './connection';
import { reset } from './reset';
import { type Gate, type RespHandler, RespSession } from './session';

/**
 * A TCP server that speaks RESP. It knows its open connections, so that a fault can cut them, or freeze them like a stopped process:
 * connections are accepted, nothing is read or answered.
 */
export class RespServer {
  private readonly open = new Map<number, RespSession>();
  private readonly gate = new FreezeGate();
  private readonly unheard = new Set<string>();
  private server: Server | undefined;
  private nextId = 1;
  private port = 0;

  /** @param onClose told when a connection of a client is gone */
  constructor(
    private readonly handler: RespHandler,
    private readonly onClose: (session: RespSession) => void = () => undefined,
  ) {}

  /** @param port a free one is chosen when 0; a later `listen(0)` takes the same port again */
  async listen(port: number, host = '127.0.0.1'): Promise<RespAddress> {
    const server = createServer({ noDelay: true }, (socket) => this.accept(socket));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port === 0 ? this.port : port, host, () => {
        server.off('error', reject);
        resolve();
      });
    });
    this.server = server;
    this.port = (server.address() as AddressInfo).port;
    return { host, port: this.port };
  }

  get sessions(): readonly RespSession[] {
    return [...this.open.values()];
  }

  /** Number of connections accepted since the server was made. */
  get accepted(): number {
    return this.nextId - 1;
  }

  get isFrozen(): boolean {
    return this.gate.closed;
  }

  /** Resets every open connection; the port goes on listening. */
  cut(): void {
    for (const { socket } of this.open.values()) reset(socket);
  }

  /** From now on connections are accepted, and nothing is answered. */
  freeze(): void {
    this.gate.close();
    for (const { socket } of this.open.values()) socket.pause();
  }

  /** Goes on, also with what was received before and during the freeze. */
  thaw(): void {
    for (const { socket } of this.open.values()) if (this.hears(socket)) socket.resume();
    this.gate.open();
  }

  /** The network between the server and one host is gone: nothing that it sends arrives any more, nothing is refused either. */
  sever(host: string): void {
    this.unheard.add(host);
    for (const { socket } of this.open.values()) if (!this.hears(socket)) socket.pause();
  }

  /** The network is back; what was sent meanwhile arrives. */
  restore(host: string): void {
    this.unheard.delete(host);
    if (this.gate.closed) return;
    for (const { socket } of this.open.values()) if (this.hears(socket)) socket.resume();
  }

  /** Stops listening and resets every connection. */
  async close(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    this.gate.open();
    this.cut();
    if (!server) return;
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  private accept(socket: Socket): void {
    const session = new RespSession(this.nextId, socket, this.handler, this.gate);
    this.nextId += 1;
    this.open.set(session.id, session);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.open.delete(session.id);
      this.onClose(session);
    });
    if (this.gate.closed || !this.hears(socket)) socket.pause();
  }

  private hears({ remoteAddress = '' }: Socket): boolean {
    return !this.unheard.has(remoteAddress);
  }
}

class FreezeGate implements Gate {
  private waiting: (() => void)[] = [];
  private isClosed = false;

  get closed(): boolean {
    return this.isClosed;
  }

  close(): void {
    this.isClosed = true;
  }

  open(): void {
    this.isClosed = false;
    const { waiting } = this;
    this.waiting = [];
    for (const go of waiting) go();
  }

  pass(): Promise<void> {
    if (!this.isClosed) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
