import { Connection } from './connection';
import type { Endpoint } from './endpoint';
import { clientClosed } from './failure';

const KEPT_OPEN = 2;

/**
 * Connections that one caller at a time has for itself. A node answers the commands of one connection in their order, so a change
 * on a shared one could take effect seconds after it was sent, behind a slow one.
 */
export class ExclusiveConnections {
  private readonly all = new Set<Connection>();
  private idle: Connection[] = [];
  private closed = false;

  constructor(private readonly endpoint: Endpoint) {}

  /** Runs `use` with a connection of its own: one kept open, or else a new one. */
  async with<T>(use: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = await this.take();
    try {
      return await use(connection);
    } finally {
      this.giveBack(connection);
    }
  }

  /** Opens a connection in advance, so that the next `with` need not. */
  async prepare(): Promise<void> {
    await this.with(() => Promise.resolve());
  }

  async close(): Promise<void> {
    this.closed = true;
    const open = [...this.all];
    for (const connection of open) connection.close();
    await Promise.all(open.map((connection) => connection.ended));
  }

  private async take(): Promise<Connection> {
    if (this.closed) throw clientClosed(this.endpoint.address, null, false);
    this.idle = this.idle.filter((connection) => connection.usable);
    return this.idle.pop() ?? this.open();
  }

  private async open(): Promise<Connection> {
    const connection = new Connection(this.endpoint);
    this.all.add(connection);
    void connection.ended.then(() => this.all.delete(connection));
    await connection.open();
    return connection;
  }

  private giveBack(connection: Connection): void {
    if (connection.usable && this.idle.length < KEPT_OPEN) this.idle.push(connection);
    else connection.close();
  }
}
