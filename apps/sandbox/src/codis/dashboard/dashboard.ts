import { type Tap } from '../../tap';
import { AdminServer } from '../http/admin-server';
import { RouteTable } from '../http/routes';
import { type ListenAddress } from '../protocol/address';
import { Gate } from '../protocol/gate';
import { Coordinator } from './coordinator';
import { startLoops } from './loops';
import { dashboardRoutes } from './routes';
import { type DashboardTimings, REAL_TIMINGS } from './timings';
import { Topom, type TopomConfig } from './topom';

export interface DashboardOptions {
  readonly listen: ListenAddress;
  readonly product: string;
  /** Password of the servers, and part of the xauth of the proxies. */
  readonly productAuth?: string;
  /** Shown in clear in the overview. */
  readonly coordinatorAuth?: string;
  readonly migrationMethod?: 'sync' | 'semi-async';
  readonly timings?: Partial<DashboardTimings>;
  /** Shared with another dashboard of the same product; a new one when left out. */
  readonly coordinator?: Coordinator;
}

/** A Codis 3.2 dashboard on loopback, with the faults that can befall its process. */
export class Dashboard {
  private readonly gate = new Gate();
  private readonly server: AdminServer;
  private topom: Topom | undefined;
  private loops: Promise<void>[] = [];
  /** The same after a restart. */
  token = '';

  private constructor(
    private readonly config: TopomConfig,
    /** The store and its lock: both survive the process. */
    readonly coordinator: Coordinator,
    listen: ListenAddress,
  ) {
    this.server = new AdminServer(listen, this.gate);
  }

  /** Resolves when the port is open; a dashboard that waits for the lock answers only a part of its API. */
  static async start(options: DashboardOptions): Promise<Dashboard> {
    const config: TopomConfig = {
      product: options.product,
      productAuth: options.productAuth ?? '',
      coordinatorAuth: options.coordinatorAuth ?? '',
      migration: {
        method: options.migrationMethod ?? 'semi-async',
        timeoutMs: 30_000,
        maxBulks: 200,
        maxBytes: 32 * 1024 * 1024,
        keys: 500,
      },
      timings: { ...REAL_TIMINGS, ...options.timings },
    };
    const dashboard = new Dashboard(config, options.coordinator ?? new Coordinator(), options.listen);
    await dashboard.run();
    return dashboard;
  }

  /** `host:port` of the HTTP API. */
  get address(): string {
    return this.server.address;
  }

  /** Is asked about every request to the HTTP API. */
  set tap(tap: Tap | undefined) {
    this.server.tap = tap;
  }

  /** Ends cleanly: the lock is given back. */
  async close(): Promise<void> {
    await this.crash();
    this.coordinator.release(this.token);
  }

  /** Dies like a killed process: connections are reset, the port refuses, the lock stays. */
  async crash(): Promise<void> {
    this.topom?.die();
    this.topom = undefined;
    this.gate.open();
    await this.server.close();
    await Promise.all(this.loops.splice(0));
  }

  /**
   * Starts again at the same address with what the coordinator stores; interval, disabled and samples are forgotten. Its own lock from
   * before counts as removed, as an operator would do.
   */
  async restart(): Promise<void> {
    await this.crash();
    await this.run();
  }

  /** Stops like a process under SIGSTOP: connections are accepted, nothing is answered, no loop runs. */
  freeze(): void {
    this.gate.close();
  }

  thaw(): void {
    this.gate.open();
  }

  private async run(): Promise<void> {
    await this.server.listen();
    const onShutdown = (): void => void setTimeout(() => void this.close(), 0);
    const topom = new Topom(this.config, this.coordinator, this.gate, this.address, onShutdown);
    this.topom = topom;
    this.token = topom.model.token;
    this.server.serve(new RouteTable(dashboardRoutes(topom)));
    if (this.coordinator.acquire(topom.model.token)) this.goOnline(topom);
    else this.loops.push(this.waitForLock(topom));
  }

  private goOnline(topom: Topom): void {
    topom.goOnline();
    this.loops.push(...startLoops(topom));
  }

  private async waitForLock(topom: Topom): Promise<void> {
    const { lockRetryMs, lockTries } = this.config.timings;
    for (let tried = 1; tried < lockTries && !topom.isClosed; tried += 1) {
      await topom.rest(lockRetryMs);
      if (!topom.isClosed && this.coordinator.acquire(topom.model.token)) return this.goOnline(topom);
    }
    if (!topom.isClosed) setTimeout(() => void this.crash(), 0);
  }
}
