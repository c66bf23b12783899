import { type ClusterDefinition, parseAddress, type Router } from '@slotferry/cluster';
import type { PikaNode, ProbeTarget } from '@slotferry/pika';
import { readSecret, type Redactor, SecretError, type SecretRef } from '@slotferry/platform';
import { SharedDashboard } from './shared-dashboard';
import { SharedNode } from './shared-node';

/**
 * A cluster with its router and nodes at hand. Connections are made when first used. Whoever looks at the router's routes or at slots
 * of a node at the same time shares the look: what it costs grows with the nodes, not with the slots on their way.
 */
export interface OpenCluster {
  readonly definition: ClusterDefinition;
  readonly router: Router;
  /** The node at `host:port`, also one that the definition does not name. */
  node(address: string): PikaNode;
  /** Where a probe of the node connects to, and how. Throws NodeAddressError. */
  target(address: string): ProbeTarget;
}

export interface ConnectionOptions {
  /** Address of this machine that nodes are looked at from; null for the one the system chooses. */
  readonly sourceAddress: string | null;
}

/**
 * Opens clusters and keeps them open: one router and one client per node for the whole process. A changed definition is opened
 * anew; its predecessor is closed after everything that uses it has had time to end.
 */
export class ClusterConnections {
  private readonly open_ = new Map<string, { readonly text: string; readonly cluster: Opened }>();
  private readonly closing = new Map<Opened, NodeJS.Timeout>();

  constructor(
    private readonly redactor: Redactor,
    private readonly options: ConnectionOptions = { sourceAddress: null },
  ) {}

  /** Throws SecretError when a password the definition refers to cannot be read. */
  open(definition: ClusterDefinition): OpenCluster {
    const text = JSON.stringify(definition);
    const known = this.open_.get(definition.name);
    if (known?.text === text) return known.cluster;
    const cluster = new Opened(definition, this.options, (source) => this.secret(source));
    this.open_.set(definition.name, { text, cluster });
    if (known) this.closeLater(known.cluster);
    return cluster;
  }

  async close(): Promise<void> {
    for (const timer of this.closing.values()) clearTimeout(timer);
    const all = [...this.closing.keys(), ...[...this.open_.values()].map(({ cluster }) => cluster)];
    this.closing.clear();
    this.open_.clear();
    await Promise.all(all.map((cluster) => cluster.close()));
  }

  private secret(source: SecretRef | null): string | undefined {
    if (!source) return undefined;
    const secret = readUnlessEmpty(source);
    this.redactor.register(secret);
    return secret;
  }

  private closeLater(cluster: Opened): void {
    const timer = setTimeout(() => {
      this.closing.delete(cluster);
      void cluster.close();
    }, graceMs);
    timer.unref();
    this.closing.set(cluster, timer);
  }
}

/** A dashboard waits for a hung proxy up to 60 s, and nobody gets an answer from it meanwhile. */
const routerLimits = { connectTimeoutMs: 1_000, readTimeoutMs: 5_000, changeTimeoutMs: 65_000 };

/** Longer than any attempt that began with the old definition, in milliseconds. */
const graceMs = 60_000;

class Opened implements OpenCluster {
  readonly router: Router;
  private readonly nodes = new Map<string, PikaNode>();
  private readonly password: string | undefined;

  constructor(
    readonly definition: ClusterDefinition,
    private readonly options: ConnectionOptions,
    secret: (source: SecretRef | null) => string | undefined,
  ) {
    const { dashboard, product, productAuth } = definition.router;
    this.router = new SharedDashboard({
      url: dashboard,
      product,
      productAuth: secret(productAuth),
      ...routerLimits,
    });
    this.password = secret(definition.pika.auth);
  }

  node(address: string): PikaNode {
    const known = this.nodes.get(address);
    if (known) return known;
    const node = new SharedNode({
      address,
      password: this.password,
      sourceAddress: this.options.sourceAddress,
    });
    this.nodes.set(address, node);
    return node;
  }

  target(address: string): ProbeTarget {
    const { sourceAddress } = this.options;
    return { ...parseAddress(address), password: this.password ?? null, sourceAddress };
  }

  async close(): Promise<void> {
    await Promise.all([this.router.close(), ...[...this.nodes.values()].map((node) => node.close())]);
  }
}

/** A secret that is there and empty says that there is no password; one that is missing was forgotten. */
function readUnlessEmpty(source: SecretRef): string | undefined {
  try {
    return readSecret(source);
  } catch (error) {
    if (error instanceof SecretError && error.code === 'secret-empty') return undefined;
    throw error;
  }
}
