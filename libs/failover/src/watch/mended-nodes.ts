import type { SeenNode } from '../store/types';

/**
 * Which looks at nodes tell of them as their rejoins left them. One from before says of a replica that follows by now that it holds writes of its
 * own; together with the next look it would be taken for a copy that was attached plainly while it did.
 */
export class MendedNodes {
  /** By node, wall clock milliseconds: looks from before do not count; `Infinity` while a rejoin may be under way. */
  private readonly since = new Map<string, number>();

  /** A rejoin of the node was started: it may have ended before the next look. */
  begin(node: string): void {
    this.since.set(node, Infinity);
  }

  /** `rejoining`: the nodes with an open rejoin, as asked no later than `now`. Returns the looks that count. */
  take(
    looks: ReadonlyMap<string, SeenNode>,
    rejoining: readonly string[],
    now: number,
  ): ReadonlyMap<string, SeenNode> {
    for (const [node, at] of this.since) {
      if (at === Infinity) this.since.set(node, now);
      else if ((looks.get(node)?.at ?? -Infinity) >= at) this.since.delete(node);
    }
    for (const node of rejoining) this.begin(node);
    return new Map([...looks].filter(([node, { at }]) => at >= (this.since.get(node) ?? -Infinity)));
  }
}
