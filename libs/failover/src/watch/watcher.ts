import type { ClusterConnections, ClusterRegistry, RegisteredCluster } from '@slotferry/inventory';
import { type Logger, systemClock } from '@slotferry/platform';
import type { WorkflowEngine } from '@slotferry/workflow';
import type { FailoverMemory } from '../store/types';
import type { VoteWakes } from '../store/vote-wakes';
import { ClusterWatch } from './cluster-watch';
import { OneAtATime } from './one-at-a-time';
import { Trouble } from './trouble';
import { WatchClock } from './watch-clock';

export interface WatcherParts {
  /** Unique among the workers that are alive. */
  readonly worker: string;
  readonly registry: ClusterRegistry;
  readonly connections: ClusterConnections;
  readonly memory: FailoverMemory;
  readonly wakes: VoteWakes;
  readonly engine: WorkflowEngine;
  readonly logger: Logger;
}

const tickMs = 25;
/** Between two looks which clusters are registered, in milliseconds. */
const clustersEveryMs = 5_000;

/** Watches the nodes of all registered clusters, together with the other workers, and starts what follows. */
export class Watcher {
  private readonly clock = new WatchClock(systemClock);
  private readonly watches = new Map<string, { readonly version: number; readonly watch: ClusterWatch }>();
  private readonly trouble: Trouble;
  private readonly listing = new OneAtATime(() => this.list());
  private timer: NodeJS.Timeout | undefined;
  private nextList = -Infinity;

  constructor(private readonly parts: WatcherParts) {
    this.trouble = new Trouble(parts.logger);
  }

  start(): void {
    this.timer = setInterval(() => this.tick(), tickMs);
  }

  /** Resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.listing.stop();
    await Promise.all([...this.watches.values()].map(({ watch }) => watch.stop()));
    this.watches.clear();
  }

  private tick(): void {
    const now = this.clock.now();
    for (const { watch } of this.watches.values()) watch.tick(now);
    if (now < this.nextList) return;
    this.nextList = now + clustersEveryMs;
    this.listing.wake();
  }

  private async list(): Promise<void> {
    const listed = await this.trouble.attempt('reading which clusters are registered', () =>
      this.parts.registry.list(),
    );
    if (!listed) return;
    const names = new Set(listed.value.map(({ definition }) => definition.name));
    for (const [name, { watch }] of this.watches) {
      if (names.has(name)) continue;
      this.watches.delete(name);
      await this.trouble.attempt(`leaving ${name}`, () => this.parts.wakes.leave(name));
      await watch.stop();
    }
    for (const cluster of listed.value) {
      await this.trouble.attempt(`watching ${cluster.definition.name}`, () => this.take(cluster));
    }
  }

  private async take({ definition, version }: RegisteredCluster): Promise<void> {
    const { name } = definition;
    const known = this.watches.get(name);
    if (known?.version === version) return;
    const cluster = this.parts.connections.open(definition);
    if (known) {
      known.watch.redefine(cluster);
      this.watches.set(name, { version, watch: known.watch });
      return;
    }
    const watch = new ClusterWatch(cluster, { ...this.parts, now: () => this.clock.now() });
    await this.parts.wakes.listen(name, (worker) => watch.wake(worker));
    this.watches.set(name, { version, watch });
  }
}
