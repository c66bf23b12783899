import { type SlotRoute } from '@slotferry/cluster';
import { type PikaNode, PikaError, type SlotInfo } from '@slotferry/pika';
import { setTimeout as pause } from 'node:timers/promises';
import { type BenchCluster } from '../bench-cluster';
import { type HoldWindow } from '../moved';
import { wallClock } from '../wall-clock';

const stepLimitMs = 60_000;

/** Looks until it is so, with a pause between two looks. */
export async function until(what: string, pollMs: number, look: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + stepLimitMs;
  while (!(await look())) {
    if (performance.now() > deadline)
      throw new Error(`within ${stepLimitMs} ms there was no sign of: ${what}`);
    await pause(pollMs);
  }
}

/** Whether every one of the slots has the follower without a lag, by the master's word. */
export async function level(
  master: PikaNode,
  follower: PikaNode,
  slots: readonly number[],
): Promise<boolean> {
  const infos = await master.slots(slots);
  return slots.every((slot) => lagOf(infos.get(slot), follower) === 0);
}

/** Bytes that the follower is behind, or null when the master does not say. */
export function lagOf(info: SlotInfo | null | undefined, follower: PikaNode): number | null {
  return info?.slaves.find(({ address }) => address === follower.address)?.lag ?? null;
}

/** Deletes a slot as soon as its node has noticed that nobody follows it any more. */
export async function deleteWhenAlone(node: PikaNode, slot: number, pollMs: number): Promise<void> {
  await until(`slot ${slot} deleted at ${node.address}`, pollMs, async () => {
    try {
      await node.deleteSlots([slot]);
      return true;
    } catch (error) {
      if (error instanceof PikaError && (error.code === 'in-syncing' || error.code === 'busy')) return false;
      throw error;
    }
  });
}

/** Watches one handover by an action of the dashboard from the moment it is queued. */
export class WatchedHandover {
  private readonly queuedAt = wallClock();
  private freeUntil = performance.now();
  private held = false;
  heldMs = 0;

  constructor(
    private readonly cluster: BenchCluster,
    readonly slot: number,
  ) {}

  async look(): Promise<SlotRoute> {
    const askedAt = performance.now();
    const route = await this.cluster.dashboard.route({ table: 0, slot: this.slot });
    this.note(route, askedAt);
    return route;
  }

  /** @param askedAt when the look was begun that showed the route */
  note({ handover }: SlotRoute, askedAt: number): void {
    if (handover?.state === 'queued') this.freeUntil = askedAt;
    else if (handover) this.held = true;
    else this.heldMs = this.held ? performance.now() - this.freeUntil : 0;
  }

  get window(): HoldWindow {
    return { slot: this.slot, from: this.queuedAt, to: wallClock() };
  }
}
