import { type Tap } from '../../tap';
import { AdminServer } from '../http/admin-server';
import { RouteTable } from '../http/routes';
import { type ListenAddress } from '../protocol/address';
import { Gate } from '../protocol/gate';
import { ClientServer } from './client-server';
import { type ProxyConfig, ProxyRun } from './proxy-run';
import { proxyRoutes } from './routes';

export interface ProxyOptions {
  readonly admin: ListenAddress;
  readonly client: ListenAddress;
  readonly product: string;
  /** Password of the servers, and part of the proxy's xauth. */
  readonly productAuth?: string;
  /** Password that clients must give; none when left out. */
  readonly sessionAuth?: string;
  /** 1000 when left out. */
  readonly maxClients?: number;
  /** Milliseconds that a server's reply may take, 30,000 when left out: so long can a fill wait for what is under way. */
  readonly backendReadMs?: number;
}

/** A Codis 3.2 proxy on loopback, with the faults that can befall its process. */
export class SandboxProxy {
  private readonly gate = new Gate();
  private readonly admin: AdminServer;
  private readonly clients: ClientServer;
  private run: ProxyRun | undefined;
  /** The same after a restart. */
  token = '';

  private constructor(
    private readonly config: ProxyConfig,
    options: ProxyOptions,
  ) {
    this.admin = new AdminServer(options.admin, this.gate);
    this.clients = new ClientServer(options.client, this.gate);
  }

  /** Resolves when both ports are open. The proxy is offline until somebody starts it. */
  static async start(options: ProxyOptions): Promise<SandboxProxy> {
    const {
      product,
      productAuth = '',
      sessionAuth = '',
      maxClients = 1_000,
      backendReadMs = 30_000,
    } = options;
    const proxy = new SandboxProxy({ product, productAuth, sessionAuth, maxClients, backendReadMs }, options);
    await proxy.begin();
    return proxy;
  }

  /** `host:port` of the HTTP API. */
  get adminAddress(): string {
    return this.admin.address;
  }

  /** `host:port` for clients. */
  get clientAddress(): string {
    return this.clients.address;
  }

  /** Is asked about every request to the HTTP API. */
  set tap(tap: Tap | undefined) {
    this.admin.tap = tap;
  }

  async close(): Promise<void> {
    await this.crash();
  }

  /** Dies like a killed process: all connections are reset, both ports refuse. */
  async crash(): Promise<void> {
    this.run?.die();
    this.run = undefined;
    this.gate.open();
    await Promise.all([this.admin.close(), this.clients.close()]);
  }

  /** Starts again at the same addresses with the same token: offline and without slots, until the dashboard notices. */
  async restart(): Promise<void> {
    await this.crash();
    await this.begin();
  }

  /** Stops like a process under SIGSTOP: both ports accept connections, nothing is answered. */
  freeze(): void {
    this.gate.close();
    this.clients.freeze();
  }

  thaw(): void {
    this.clients.thaw();
    this.gate.open();
  }

  private async begin(): Promise<void> {
    await this.clients.listen((socket) => this.run?.serve(socket));
    await this.admin.listen();
    const onShutdown = (): void => void setTimeout(() => void this.crash(), 0);
    const run = new ProxyRun(this.config, this.clients, this.gate, this.adminAddress, onShutdown);
    this.run = run;
    this.token = run.model.token;
    this.admin.serve(new RouteTable(proxyRoutes(run)));
  }
}
