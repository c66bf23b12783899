import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';
import { type ListenAddress } from '../protocol/address';
import { type Gate } from '../protocol/gate';
import { resetSocket } from '../protocol/reset-socket';

/** The port for clients. While the gate is closed, connections are accepted and not served. */
export class ClientServer {
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();
  private port: number;
  /** Connections since the start. */
  total = 0;

  constructor(
    private readonly listenAt: ListenAddress,
    private readonly gate: Gate,
  ) {
    this.port = listenAt.port;
  }

  get address(): string {
    return `${this.listenAt.host}:${this.port}`;
  }

  get alive(): number {
    return this.sockets.size;
  }

  /** @throws Error `EADDRINUSE` when the port is taken */
  async listen(serve: (socket: Socket) => void): Promise<void> {
    const server = createServer({ noDelay: true }, (socket) => void this.accept(socket, serve));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, this.listenAt.host, () => resolve());
    });
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
    this.total = 0;
  }

  freeze(): void {
    for (const socket of this.sockets) socket.pause();
  }

  thaw(): void {
    for (const socket of this.sockets) socket.resume();
  }

  async close(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (!server) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of this.sockets) resetSocket(socket);
    await closed;
  }

  private async accept(socket: Socket, serve: (socket: Socket) => void): Promise<void> {
    this.total += 1;
    this.sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.sockets.delete(socket));
    if (this.gate.closed) await this.gate.pass();
    if (!socket.destroyed) serve(socket);
  }
}
