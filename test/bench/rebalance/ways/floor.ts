import { type BenchCluster } from '../bench-cluster';
import { type HoldWindow, type Moved, type Way } from '../moved';
import { deleteWhenAlone, lagOf, level, until, WatchedHandover } from './steps';

/** Slots created by one command, as the product does it. */
const perCommand = 16;
/** Between two looks, in milliseconds; none while clients are held. */
const pollMs = 5;

/**
 * What the dashboard's rounds allow when nothing is recorded, checked or guarded: slots created on both nodes at once and attached in
 * one go, all actions queued together, each target detached in the first moment at which its source says that nothing is missing.
 */
export const floor: Way = {
  name: 'floor: actions, no engine',
  ready: async (cluster) => ({
    move: (slots) => moveAll(cluster, slots),
    stop: async () => undefined,
  }),
};

async function moveAll(cluster: BenchCluster, slots: readonly number[]): Promise<Moved> {
  const begunAt = performance.now();
  await prepare(cluster, slots);
  const watched = slots.map((slot) => new WatchedHandover(cluster, slot));
  for (const slot of slots) await cluster.dashboard.queueHandover({ table: 0, slot }, 3);
  const cleanUps: Promise<void>[] = [];
  const windows: HoldWindow[] = [];
  await driveAll(cluster, watched, (one) => {
    windows.push(one.window);
    cleanUps.push(cleanUp(cluster, one.slot));
  });
  await Promise.all(cleanUps);
  const heldMs = watched.map((one) => one.heldMs);
  return { seconds: (performance.now() - begunAt) / 1_000, heldMs, windows };
}

async function prepare({ nodes: { a, e, f } }: BenchCluster, slots: readonly number[]): Promise<void> {
  await Promise.all(
    [e, f].map(async (node) => {
      for (let done = 0; done < slots.length; done += perCommand)
        await node.addSlots(slots.slice(done, done + perCommand));
    }),
  );
  await e.attach({ master: a.address, slots });
  await until('the new master level with the old one', pollMs, () => level(a, e, slots));
  await f.attach({ master: e.address, slots });
  await until('the new replica level with its master', pollMs, () => level(e, f, slots));
}

/** One look after the other at all slots, and a detach wherever the source says that the held slot is drained. */
async function driveAll(
  cluster: BenchCluster,
  watched: readonly WatchedHandover[],
  ended: (one: WatchedHandover) => void,
): Promise<void> {
  const { a, e } = cluster.nodes;
  let open = [...watched];
  const detached = new Set<number>();
  await until('the end of all handovers', 0, async () => {
    const askedAt = performance.now();
    const routes = await cluster.dashboard.routes(open.map(({ slot }) => ({ table: 0, slot })));
    for (const [index, one] of open.entries()) {
      const route = routes[index];
      if (!route) continue;
      one.note(route, askedAt);
      if (!route.handover && route.group === 3) ended(one);
      else if (route.handover?.state === 'holding' && !detached.has(one.slot)) {
        await until(`slot ${one.slot} drained`, 0, async () => lagOf(await a.slot(one.slot), e) === 0);
        await e.detach([one.slot]);
        detached.add(one.slot);
      }
    }
    open = open.filter((_, index) => routes[index]?.handover || routes[index]?.group !== 3);
    return open.length === 0;
  });
}

async function cleanUp({ nodes: { a, b } }: BenchCluster, slot: number): Promise<void> {
  await b.detach([slot]);
  await deleteWhenAlone(b, slot, pollMs);
  await deleteWhenAlone(a, slot, pollMs);
}
