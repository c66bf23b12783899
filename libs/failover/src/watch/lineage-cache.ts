import type { FailoverMemory, Followed, Promotion, SeenNode } from '../store/types';
import { updateFollowed } from '../replicas';

/** Promotions are read again this often, in milliseconds: each ends a failover or switchover, which take longer. */
const promotionsEveryMs = 2_000;

/** Whom slots followed and who was promoted, read seldom and kept: it is needed every second and hardly changes. */
export class LineageCache {
  private followed_ = new Map<string, readonly Followed[]>();
  private promotions_ = new Map<number, readonly Promotion[]>();
  private readAt = -Infinity;

  constructor(
    private readonly cluster: string,
    private readonly memory: FailoverMemory,
  ) {}

  get followed(): ReadonlyMap<string, readonly Followed[]> {
    return this.followed_;
  }

  get promotions(): ReadonlyMap<number, readonly Promotion[]> {
    return this.promotions_;
  }

  /** Takes in what nodes show now. `promoted`: groups that have had a failover or switchover. Throws what the memory throws. */
  async take(looks: readonly SeenNode[], promoted: readonly number[], now: number): Promise<void> {
    await this.readFollowed(looks.map(({ node }) => node));
    for (const look of looks) await this.takeLook(look);
    if (now - this.readAt < promotionsEveryMs) return;
    const read = promoted.map(
      async (group) => [group, await this.memory.promotions(this.cluster, group)] as const,
    );
    this.promotions_ = new Map(await Promise.all(read));
    this.readAt = now;
  }

  /** Another worker may have written meanwhile. */
  forget(): void {
    this.followed_ = new Map();
    this.readAt = -Infinity;
  }

  private async readFollowed(nodes: readonly string[]): Promise<void> {
    const missing = nodes.filter((node) => !this.followed_.has(node));
    if (missing.length === 0) return;
    const found = await this.memory.followed(this.cluster, missing);
    for (const node of missing) this.followed_.set(node, found.get(node) ?? []);
  }

  private async takeLook(look: SeenNode): Promise<void> {
    const known = this.followed_.get(look.node) ?? [];
    const followed = updateFollowed(known, look);
    if (followed === known) return;
    await this.memory.setFollowed(this.cluster, look.node, followed);
    this.followed_.set(look.node, followed);
  }
}
