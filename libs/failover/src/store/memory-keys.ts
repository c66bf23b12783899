/** Names of the keys of the failover's memory. All of a namespace carry one hash tag: they live on one shard of a Redis Cluster. */
export class MemoryKeys {
  constructor(private readonly namespace: string) {}

  /** Hash: `epoch:<group>` and `blocked:<group>`. */
  epochs(cluster: string): string {
    return this.of(cluster, 'epochs');
  }
  /** Hash: group -> its last promotion. */
  promotions(cluster: string): string {
    return this.of(cluster, 'promotions');
  }
  /** List, newest first: the promotions of a group. */
  pastPromotions(cluster: string, group: number): string {
    return this.of(cluster, `promotions:${group}`);
  }
  /** Hash: node -> whom its slots followed. */
  followed(cluster: string): string {
    return this.of(cluster, 'followed');
  }
  /** String: who works on the cluster, and why. */
  maintenance(cluster: string): string {
    return this.of(cluster, 'maintenance');
  }
  /** Hash: worker -> time and vote. */
  votes(cluster: string): string {
    return this.of(cluster, 'votes');
  }
  /** Channel: names of workers that have voted. */
  wake(cluster: string): string {
    return this.of(cluster, 'wake');
  }
  /** Hash: node -> the last good look at it. */
  seen(cluster: string): string {
    return this.of(cluster, 'seen');
  }
  /** String: what the last look for broken replicas found. */
  findings(cluster: string): string {
    return this.of(cluster, 'findings');
  }
  /** List, newest first. */
  lag(cluster: string, replica: string): string {
    return this.of(cluster, `lag:${replica}`);
  }
  /** List, newest first. */
  history(cluster: string): string {
    return this.of(cluster, 'history');
  }
  /** Hash: group and kind -> what was told last. */
  told(cluster: string): string {
    return this.of(cluster, 'told');
  }

  private of(cluster: string, what: string): string {
    return `{${this.namespace}}:failover:${cluster}:${what}`;
  }
}
