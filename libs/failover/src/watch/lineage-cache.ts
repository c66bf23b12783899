import type { FailoverMemory, Followed, Promotion, SeenNode } from '../store/types';
import { updateFollowed } from '../replicas';

/** Promotions are read again this often at least, in milliseconds. */
const promotionsEveryMs = 2_000;

/** Whom slots followed and who was promoted, read seldom and kept: it is needed every second and hardly changes. */
export class LineageCache {
  private followed_ = new Map<string, readonly Followed[]>();
  private promotions_ = new Map<number, readonly Promotion[]>();
  private readAt = -Infinity;
  private readFor = '';

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

  /**
   * Takes in what nodes show now. `busy`: groups with a failover or switchover under way; when one has begun or ended, what is
   * known of promotions is not enough. Throws what the memory throws.
   */
  async take(looks: readonly SeenNode[], busy: ReadonlySet<number>, now: number): Promise<void> {
    await this.readFollowed(looks.map(({ node }) => node));
    for (const look of looks) await this.takeLook(look);
    const readFor = [...busy].join();
    if (readFor === this.readFor && now - this.readAt < promotionsEveryMs) return;
    const groups = await this.memory.promotedGroups(this.cluster);
    const read = groups.map(
      async (group) => [group, await this.memory.promotions(this.cluster, group)] as const,
    );
    this.promotions_ = new Map(await Promise.all(read));
    this.readAt = now;
    this.readFor = readFor;
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
