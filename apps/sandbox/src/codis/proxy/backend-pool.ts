import { Backend, type BackendOptions } from './backend';

/** What holds for the connections to all servers. */
export type PoolOptions = Omit<BackendOptions, 'database'>;

/** A server that slots refer to; its connections to further databases open with their first use. */
export class BackendServer {
  private readonly databases = new Map<number, Backend>();
  private references = 0;

  constructor(
    readonly address: string,
    private readonly options: PoolOptions,
  ) {
    this.database(0);
  }

  database(database: number): Backend {
    const known = this.databases.get(database);
    if (known) return known;
    const made = new Backend(this.address, { ...this.options, database });
    this.databases.set(database, made);
    return made;
  }

  retain(): this {
    this.references += 1;
    return this;
  }

  /** Returns whether nobody refers to it any more. */
  release(): boolean {
    this.references -= 1;
    return this.references === 0;
  }

  keepAlive(): void {
    for (const backend of this.databases.values()) backend.keepAlive();
  }

  close(): void {
    for (const backend of this.databases.values()) backend.close();
  }
}

/** The servers that slots refer to, each with connections that all sessions share. */
export class BackendPool {
  private readonly servers = new Map<string, BackendServer>();

  constructor(private readonly options: PoolOptions) {}

  find(address: string): BackendServer | undefined {
    return this.servers.get(address);
  }

  retain(address: string): BackendServer {
    const server = this.servers.get(address) ?? new BackendServer(address, this.options);
    this.servers.set(address, server);
    return server.retain();
  }

  release(server: BackendServer | undefined): void {
    if (!server?.release()) return;
    this.servers.delete(server.address);
    server.close();
  }

  keepAlive(): void {
    for (const server of this.servers.values()) server.keepAlive();
  }

  close(): void {
    for (const server of this.servers.values()) server.close();
    this.servers.clear();
  }
}
