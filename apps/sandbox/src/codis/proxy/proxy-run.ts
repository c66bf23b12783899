import { type Socket } from 'node:net';
import { type Gate } from '../protocol/gate';
import { goTime } from '../protocol/go-format';
import { hostFacts, hostName } from '../protocol/host-facts';
import { type ProxyModel } from '../protocol/models';
import { Mutex } from '../protocol/mutex';
import { newToken, proxyXauth } from '../protocol/xauth';
import { type ClientServer } from './client-server';
import { OpStats } from './op-stats';
import { type StatsSource } from './proxy-stats';
import { Router } from './router';
import { Session, turnAway } from './session';

export interface ProxyConfig {
  readonly product: string;
  readonly productAuth: string;
  readonly sessionAuth: string;
  readonly maxClients: number;
  /** Milliseconds that a server's reply may take. */
  readonly backendReadMs: number;
}

const PING_PERIOD_MS = 5_000;

/** One run of the proxy's process: it starts offline and knows no slots. A restart makes a new one. */
export class ProxyRun implements StatsSource {
  readonly model: ProxyModel;
  readonly xauth: string;
  readonly router: Router;
  readonly ops = new OpStats();
  readonly startedAt = Date.now();
  /** Held during fills, and by every call that looks at the proxy's state. */
  readonly mutex = new Mutex();
  isOnline = false;
  private readonly timers: NodeJS.Timeout[];

  constructor(
    readonly config: ProxyConfig,
    private readonly clients: ClientServer,
    private readonly gate: Gate,
    adminAddress: string,
    readonly onShutdown: () => void,
  ) {
    const { product, productAuth, backendReadMs } = config;
    const token = newToken(product, clients.address, adminAddress);
    this.model = {
      token,
      start_time: goTime(new Date(this.startedAt), 9),
      admin_addr: adminAddress,
      proto_type: 'tcp4',
      proxy_addr: clients.address,
      product_name: product,
      ...hostFacts(),
      hostname: hostName(),
      datacenter: '',
    };
    this.xauth = proxyXauth(product, productAuth, token);
    this.router = new Router({ password: productAuth, readMs: backendReadMs }, gate);
    this.timers = [
      setInterval(() => this.ops.tick(), 1_000),
      setInterval(() => this.keepAlive(), PING_PERIOD_MS),
    ];
  }

  get sessions(): { total: number; alive: number } {
    return { total: this.clients.total, alive: this.clients.alive };
  }

  serve(socket: Socket): void {
    if (this.clients.alive > this.config.maxClients)
      return this.refuse(socket, 'ERR max number of clients reached');
    if (!this.isOnline) return this.refuse(socket, 'ERR router is not online');
    const { router, gate, ops } = this;
    new Session(socket, { router, gate, stats: ops, password: this.config.sessionAuth });
  }

  die(): void {
    for (const timer of this.timers) clearInterval(timer);
    this.router.close();
  }

  private refuse(socket: Socket, text: string): void {
    this.ops.fails += 1;
    turnAway(socket, text);
  }

  private keepAlive(): void {
    if (!this.gate.closed) this.router.keepAlive();
  }
}
