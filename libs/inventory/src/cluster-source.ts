import type { ClusterConnections, OpenCluster } from './cluster-connections';
import type { ClusterRegistry } from './cluster-registry';

/** Where phases get clusters from: always the definition that is registered now. */
export class ClusterSource {
  constructor(
    private readonly registry: ClusterRegistry,
    private readonly connections: ClusterConnections,
  ) {}

  /** Throws ClusterNotFound, SecretError. */
  async open(name: string): Promise<OpenCluster> {
    const { definition } = await this.registry.get(name);
    return this.connections.open(definition);
  }
}
