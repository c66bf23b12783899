import {
  Coordinator,
  type Dashboard,
  type DashboardTimings,
  type SandboxProxy,
  startDashboard,
  startProxy,
} from '../../../apps/sandbox/src/codis';
import { dashboardXauth, proxyXauth } from '../../../apps/sandbox/src/codis/protocol/xauth';
import { type SlotMapping } from '../../../apps/sandbox/src/codis/protocol/models';
import { FakeProxy } from './fake-proxy';
import { type HttpReply, httpCall } from './http-call';
import { SmallNode } from './small-node';
import { until } from './until';

export interface LabOptions {
  readonly product?: string;
  readonly productAuth?: string;
  readonly coordinatorAuth?: string;
  readonly migrationMethod?: 'sync' | 'semi-async';
  readonly timings?: Partial<DashboardTimings>;
}

export interface Stats {
  readonly slots: SlotMapping[];
  readonly group: { models: { id: number; out_of_sync: boolean }[]; stats: Record<string, object> };
  readonly proxy: {
    models: object[];
    stats: Record<string, { stats?: { online: boolean }; timeout?: true }>;
  };
  readonly slot_action: { progress: { status: string }; executor: number };
}

const LOOPBACK = { host: '127.0.0.1', port: 0 };
/** Short enough for tests, long enough to be told apart. */
export const QUICK: Partial<DashboardTimings> = {
  idleMs: 20,
  afterErrorMs: 100,
  pausedMs: 20,
  sampleMs: 300,
};

/**
 * A cluster whose parts are known by the ports of the recordings: 18080 is the dashboard, 1810x proxies, 182xx servers. They are started
 * when first asked for, on free ports.
 */
export class CodisLab {
  readonly product: string;
  readonly coordinator = new Coordinator();
  private readonly ends: (() => Promise<void>)[] = [];
  private readonly dashboards = new Map<number, Dashboard>();
  private readonly nodes = new Map<number, SmallNode>();
  private readonly proxies = new Map<number, SandboxProxy>();
  private fakeProxy: FakeProxy | undefined;

  constructor(readonly options: LabOptions = {}) {
    this.product = options.product ?? 'codis-lab';
  }

  async close(): Promise<void> {
    for (const end of this.ends.reverse()) await end();
  }

  onClose(end: () => Promise<void>): void {
    this.ends.push(end);
  }

  async dashboard(port = 18080): Promise<Dashboard> {
    return ensure(this.dashboards, port, async () => {
      const { coordinator, product } = this;
      const timings = { ...QUICK, ...this.options.timings };
      const made = await startDashboard({ listen: LOOPBACK, ...this.options, product, coordinator, timings });
      this.onClose(() => made.close());
      return made;
    });
  }

  async node(port: number, password = this.options.productAuth ?? ''): Promise<SmallNode> {
    return ensure(this.nodes, port, async () => {
      const made = await SmallNode.start(password);
      this.onClose(() => made.close());
      return made;
    });
  }

  async proxy(port: number, options: { product?: string; productAuth?: string } = {}): Promise<SandboxProxy> {
    return ensure(this.proxies, port, async () => {
      const { product, options: lab } = this;
      const productAuth = lab.productAuth ?? '';
      const made = await startProxy({ admin: LOOPBACK, client: LOOPBACK, product, productAuth, ...options });
      this.onClose(() => made.close());
      return made;
    });
  }

  async fake(): Promise<FakeProxy> {
    if (this.fakeProxy) return this.fakeProxy;
    const made = await FakeProxy.start(this.product);
    this.fakeProxy = made;
    this.onClose(() => made.close());
    return made;
  }

  /** Changes something through the dashboard. `X` in the path stands for the xauth. */
  async put(path: string, body?: unknown): Promise<HttpReply> {
    const { address } = await this.mainDashboard();
    const url = `http://${address}/api/topom/${path.replace('X', dashboardXauth(this.product))}`;
    return httpCall({
      method: 'PUT',
      url,
      headers: [],
      body: body === undefined ? null : JSON.stringify(body),
    });
  }

  /** The same, where a refusal is a mistake of the test. */
  async done(path: string, body?: unknown): Promise<void> {
    const reply = await this.put(path, body);
    if (reply.statusLine !== 'HTTP/1.1 200 OK') throw new Error(`${path}: ${reply.body.toString()}`);
  }

  async stats(): Promise<Stats> {
    const { address } = await this.mainDashboard();
    const reply = await httpCall({
      method: 'GET',
      url: `http://${address}/topom/stats`,
      headers: [],
      body: null,
    });
    return JSON.parse(reply.body.toString()) as Stats;
  }

  async untilStats(what: string, holds: (stats: Stats) => boolean): Promise<Stats> {
    return until(what, async () => {
      const stats = await this.stats();
      return holds(stats) && stats;
    });
  }

  async slotState(id: number): Promise<string | undefined> {
    return (await this.stats()).slots[id]?.action.state;
  }

  /** The one that was started first. */
  private mainDashboard(): Promise<Dashboard> {
    const [port] = this.dashboards.keys();
    return this.dashboard(port);
  }

  proxyXauth(proxy: SandboxProxy): string {
    return proxyXauth(this.product, this.options.productAuth ?? '', proxy.token);
  }

  /** What has been started, for the translation of recordings. */
  get parts(): {
    dashboards: ReadonlyMap<number, Dashboard>;
    nodes: ReadonlyMap<number, SmallNode>;
    proxies: ReadonlyMap<number, SandboxProxy>;
    fake: FakeProxy | undefined;
  } {
    return { dashboards: this.dashboards, nodes: this.nodes, proxies: this.proxies, fake: this.fakeProxy };
  }
}

async function ensure<T>(known: Map<number, T>, port: number, make: () => Promise<T>): Promise<T> {
  const found = known.get(port);
  if (found) return found;
  const made = await make();
  known.set(port, made);
  return made;
}
