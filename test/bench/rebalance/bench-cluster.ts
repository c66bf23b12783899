import { CodisDashboard } from '@slotferry/codis';
import { PikaNode } from '@slotferry/pika';
import { type Topology } from '../../../apps/sandbox/src/topology';
import { eventually } from '../../support/eventually';
import { ChildApp } from './child-app';

const startLimitMs = 60_000;
const callLimitMs = 5_000;

/** The nodes that take part, in the words of the documented procedure. */
export interface Nodes {
  /** Master and replica of group 1. */
  readonly a: PikaNode;
  readonly b: PikaNode;
  /** Master and replica of group 3. */
  readonly e: PikaNode;
  readonly f: PikaNode;
}

/**
 * A whole cluster in a process of its own, which takes the time that real servers take: groups 1 and 2 with 512 slots each, and
 * group 3 with none.
 */
export class BenchCluster {
  readonly dashboard: CodisDashboard;
  readonly nodes: Nodes;

  private constructor(
    private readonly sandbox: ChildApp,
    readonly topology: Topology,
  ) {
    const { dashboard, product, nodes } = topology;
    this.dashboard = new CodisDashboard({
      url: `http://${dashboard.address}`,
      product,
      connectTimeoutMs: 1_000,
      readTimeoutMs: 5_000,
      changeTimeoutMs: 65_000,
    });
    const node = (index: number): PikaNode => new PikaNode({ address: nodes[index]?.address ?? '' });
    this.nodes = { a: node(0), b: node(1), e: node(4), f: node(5) };
  }

  static async start(): Promise<BenchCluster> {
    const sandbox = ChildApp.start('sandbox', ['--speed', 'zero', '--json']);
    const line = await eventually(
      'the addresses of the cluster',
      () => {
        sandbox.requireAlive();
        return /^\{.*\}$/m.exec(sandbox.output)?.[0];
      },
      startLimitMs,
    );
    const cluster = new BenchCluster(sandbox, JSON.parse(line) as Topology);
    await cluster.addEmptyGroup();
    await cluster.takeRealTime();
    return cluster;
  }

  /** Addresses of the proxies for clients. */
  get proxies(): string[] {
    return this.topology.proxies.map(({ client }) => client);
  }

  /** Slots that the router sends to group 3, with nothing under way. */
  async settled(slots: readonly number[]): Promise<number> {
    const routes = await this.dashboard.routes(slots.map((slot) => ({ table: 0, slot })));
    return routes.filter(({ group, handover }) => group === 3 && !handover).length;
  }

  async stop(): Promise<void> {
    const { a, b, e, f } = this.nodes;
    await Promise.all([a, b, e, f].map((node) => node.close()));
    await this.dashboard.close();
    await this.sandbox.stop();
  }

  private async addEmptyGroup(): Promise<void> {
    const { dashboard, nodes } = this;
    await dashboard.createGroup(3);
    for (const { address } of [nodes.e, nodes.f]) await dashboard.addServer(3, address);
    // Assigning slots leaves a group marked as out of step with its proxies, also in a real Codis.
    for (const group of [1, 2, 3]) await dashboard.resyncGroup(group);
  }

  private async takeRealTime(): Promise<void> {
    const response = await fetch(`http://${this.topology.control}/costs`, {
      method: 'PUT',
      body: JSON.stringify({ speed: 'real' }),
      signal: AbortSignal.timeout(callLimitMs),
    });
    if (!response.ok) throw new Error(`the sandbox did not take the speed: ${await response.text()}`);
  }
}
