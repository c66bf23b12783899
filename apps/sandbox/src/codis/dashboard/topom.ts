import { setTimeout as pause } from 'node:timers/promises';
import { refuseBare } from '../protocol/codis-error';
import { type Gate } from '../protocol/gate';
import { goTime } from '../protocol/go-format';
import { hostFacts } from '../protocol/host-facts';
import { type ProxyModel, type TopomModel } from '../protocol/models';
import { Mutex } from '../protocol/mutex';
import { dashboardXauth, newToken } from '../protocol/xauth';
import { ClusterState } from './cluster-state';
import { type Coordinator } from './coordinator';
import { type MigrationOptions } from './node-commands';
import { NodePool } from './node-pool';
import { ProxyCalls, ProxyClient } from './proxy-client';
import { Samples } from './samples';
import { SlotActionControl } from './slot-action-control';
import { type ViewContext } from './slot-view';
import { StatsBody } from './stats-body';
import { type DashboardTimings } from './timings';

export interface TopomConfig {
  readonly product: string;
  readonly productAuth: string;
  readonly coordinatorAuth: string;
  readonly migration: MigrationOptions;
  readonly timings: DashboardTimings;
}

/** One run of the dashboard's process: what it knows, and what it talks to. A restart makes a new one. */
export class Topom {
  readonly model: TopomModel;
  readonly xauth: string;
  readonly action = new SlotActionControl();
  readonly samples = new Samples();
  readonly calls: ProxyCalls;
  /** Connections of the executors and of the samples. */
  readonly executorPool: NodePool;
  readonly samplePool: NodePool;
  readonly cluster: ClusterState;
  readonly bodies = new StatsBody(this);
  private readonly mutex = new Mutex();
  private readonly ended = new AbortController();
  private state: 'starting' | 'online' | 'closed' = 'starting';

  constructor(
    readonly config: TopomConfig,
    readonly coordinator: Coordinator,
    readonly gate: Gate,
    address: string,
    readonly onShutdown: () => void,
  ) {
    const { product, productAuth: password, timings } = config;
    const started = new Date();
    this.model = {
      token: newToken(product, address),
      start_time: goTime(started, 8),
      admin_addr: address,
      product_name: product,
      ...hostFacts(),
    };
    this.xauth = dashboardXauth(product);
    this.calls = new ProxyCalls({ connectMs: timings.connectMs, totalMs: timings.proxyCallMs });
    const { connectMs } = timings;
    this.executorPool = new NodePool({ password, connectMs, commandMs: config.migration.timeoutMs });
    this.samplePool = new NodePool({ password, connectMs, commandMs: timings.sampleMs * 5 });
    this.cluster = new ClusterState(coordinator, (slotId) => {
      this.assertOnline(); // what a dead process still has under way must not reach the store
      this.bodies.changed(slotId);
    });
  }

  get isOnline(): boolean {
    return this.state === 'online';
  }

  get isClosed(): boolean {
    return this.state === 'closed';
  }

  /** Makes the cluster's state available. The caller holds the lock. */
  goOnline(): void {
    if (this.state === 'starting') this.state = 'online';
  }

  /** Ends everything at once, as the death of the process does. The lock stays. */
  die(): void {
    this.state = 'closed';
    this.ended.abort();
    this.calls.close();
    this.executorPool.close();
    this.samplePool.close();
  }

  /**
   * Runs with the one lock of the dashboard held, also while proxies are called.
   * @throws CodisError when the dashboard is not online or closed
   */
  locked<T>(work: () => T | Promise<T>): Promise<T> {
    return this.mutex.run(() => {
      this.assertOnline();
      return work();
    });
  }

  assertOnline(): void {
    if (this.state === 'closed') throw refuseBare('use of closed topom');
    if (this.state === 'starting') throw refuseBare('topom is not online');
  }

  /** A pause that ends early when the process dies. */
  async rest(milliseconds: number): Promise<void> {
    const options = { signal: this.ended.signal };
    await pause(milliseconds, undefined, options).catch(() => undefined); // ended: whoever goes on finds it closed
  }

  get view(): ViewContext {
    return {
      forwardMethod: this.config.migration.method === 'sync' ? 0 : 1,
      findGroup: (id) => this.cluster.findGroup(id),
    };
  }

  proxyClient(model: ProxyModel): ProxyClient {
    return new ProxyClient(this.calls, model, this.config.product, this.config.productAuth);
  }
}
