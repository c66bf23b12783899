import type { SeenNode } from '../store/types';

/**
 * Nodes at which a rejoin is, or was a moment ago. What was seen of them before it ended says nothing about how it left them: a copy that was
 * seen with writes of its own, and attached in the next look, would count as attached with them.
 */
export class Mending {
  /** When it was first seen to have ended, wall clock milliseconds; null while it is open. */
  private readonly ended = new Map<string, number | null>();

  begun(node: string): void {
    this.ended.set(node, null);
  }

  /** The looks that count. `open`: nodes with an open rejoin. */
  relevant(
    looks: ReadonlyMap<string, SeenNode>,
    open: readonly string[],
    now: number,
  ): ReadonlyMap<string, SeenNode> {
    for (const node of open) this.begun(node);
    for (const [node, ended] of this.ended)
      if (ended === null && !open.includes(node)) this.ended.set(node, now);
    return new Map([...looks].filter(([node, { at }]) => this.counts(node, at)));
  }

  private counts(node: string, at: number): boolean {
    const ended = this.ended.get(node);
    if (ended === undefined) return true;
    if (ended === null || at <= ended) return false;
    this.ended.delete(node);
    return true;
  }
}
