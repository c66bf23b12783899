import { type Dashboard, type SandboxProxy, startDashboard, startProxy } from './codis';
import { ControlServer } from './control/control-server';
import { type ResolvedOptions, type SandboxOptions, SLOT_COUNT, resolveOptions } from './options';
import { Costs, Network, PikaNode } from './pika';
import { Ports } from './ports';
import { FaultyProcess } from './process-fault';
import { DashboardCalls } from './setup/dashboard-calls';
import { buildGroups, registerProxies } from './setup/topology';
import { type SandboxParts } from './sandbox-parts';
import { type Topology, describe } from './topology';

/** A whole cluster on loopback in this process. */
export interface Sandbox extends SandboxParts {
  readonly topology: () => Topology;
  /** Ends everything; no port and no timer is left. */
  readonly close: () => Promise<void>;
}

const HOST = '127.0.0.1';

/**
 * Starts nodes, dashboard, proxies and the control API, and builds the groups asked for. Setting up costs nothing; the speed asked for
 * holds from then on.
 * @throws SandboxError when the options do not go together or the topology cannot be built
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = new RunningSandbox(resolveOptions(options));
  try {
    await sandbox.start();
    return sandbox;
  } catch (error) {
    await sandbox.close();
    throw error;
  }
}

class RunningSandbox implements Sandbox {
  readonly costs: Costs;
  readonly network: Network;
  readonly nodes = new Map<string, PikaNode>();
  readonly proxies = new Map<string, FaultyProcess<SandboxProxy>>();
  private readonly control = new ControlServer(this);
  private router: FaultyProcess<Dashboard> | undefined;

  constructor(readonly options: ResolvedOptions) {
    this.costs = new Costs('zero', options.peerTimeoutMs);
    this.network = new Network(this.costs);
  }

  get dashboard(): FaultyProcess<Dashboard> {
    if (!this.router) throw new Error('The sandbox has not started');
    return this.router;
  }

  get controlAddress(): string {
    return this.control.address;
  }

  topology = (): Topology => describe(this);

  async start(): Promise<void> {
    const ports = new Ports(this.options.basePort);
    await this.startCodis(ports);
    await this.startNodes(ports);
    const calls = new DashboardCalls(this.dashboard.process.address, this.options.product);
    await registerProxies(calls, this.proxies);
    await buildGroups(calls, this.nodes, this.options);
    this.costs.speed = this.options.speed;
    await this.control.listen(this.options.controlPort);
  }

  close = async (): Promise<void> => {
    await this.control.close();
    await this.router?.process.close();
    await Promise.all([...this.proxies.values()].map(({ process }) => process.close()));
    await Promise.all([...this.nodes.values()].map((node) => node.close()));
  };

  private async startCodis(ports: Ports): Promise<void> {
    const { product, productAuth, dashboardTimings, proxies, backendReadMs } = this.options;
    const dashboard = await startDashboard({
      listen: { host: HOST, port: await ports.next() },
      product,
      productAuth,
      ...(dashboardTimings && { timings: dashboardTimings }),
    });
    this.router = new FaultyProcess('dashboard', dashboard);
    for (let number = 1; number <= proxies; number += 1) {
      const proxy = await startProxy({
        admin: { host: HOST, port: await ports.next() },
        client: { host: HOST, port: await ports.next() },
        product,
        productAuth,
        backendReadMs,
      });
      this.proxies.set(`proxy${number}`, new FaultyProcess(`proxy${number}`, proxy));
    }
  }

  private async startNodes(ports: Ports): Promise<void> {
    const { nodes, pikaVersion, productAuth, binlog } = this.options;
    for (let number = 1; number <= nodes; number += 1) {
      const node = new PikaNode(
        {
          name: `pika${number}`,
          host: HOST,
          port: await ports.next(),
          version: pikaVersion,
          slotCount: SLOT_COUNT,
          password: productAuth,
          ...(binlog && { binlog }),
        },
        this.network,
      );
      await node.start();
      this.nodes.set(node.name, node);
    }
  }
}
