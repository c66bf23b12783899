import { Connection } from './connection';
import type { Endpoint } from './endpoint';
import { clientClosed } from './failure';

/** A connection that many callers use side by side. Connects on demand, one attempt at a time, and anew after a loss. */
export class SharedConnection {
  private current: Connection | null = null;
  private opening: Promise<Connection> | null = null;
  private closed = false;

  constructor(private readonly endpoint: Endpoint) {}

  /** The open connection. @throws PikaError `unreachable`, `timed-out`, `auth-failed`, `closed` */
  async get(): Promise<Connection> {
    if (this.closed) throw clientClosed(this.endpoint.address, null, false);
    if (this.opening) return this.opening;
    if (this.current?.usable) return this.current;
    this.opening = this.open().finally(() => {
      this.opening = null;
    });
    return this.opening;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.current?.close();
    await this.current?.ended;
  }

  private async open(): Promise<Connection> {
    const connection = new Connection(this.endpoint);
    this.current = connection;
    await connection.open();
    return connection;
  }
}
