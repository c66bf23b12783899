import type { ClusterConnections, OpenCluster } from './cluster-connections';
import type { ClusterRegistry } from './cluster-registry';
import { Coalescer } from './coalescer';

/** Where phases get clusters from: always the definition that is registered now. Those who ask at the same time share the look. */
export class ClusterSource {
  private readonly looks = new Coalescer<string, OpenCluster>(async (names) => {
    const opened = new Map(
      await Promise.all([...names].map(async (name) => [name, await this.look(name)] as const)),
    );
    return (name) => {
      const found = opened.get(name);
      if (found instanceof Error) throw found;
      if (!found) throw new Error(`nobody has looked for cluster ${name}`);
      return found;
    };
  });

  constructor(
    private readonly registry: ClusterRegistry,
    private readonly connections: ClusterConnections,
  ) {}

  /** Throws ClusterNotFound, SecretError. */
  open(name: string): Promise<OpenCluster> {
    return this.looks.load(name);
  }

  /** What is wrong with one cluster is no matter of those who ask for others. */
  private async look(name: string): Promise<OpenCluster | Error> {
    try {
      const { definition } = await this.registry.get(name);
      return this.connections.open(definition);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }
}
