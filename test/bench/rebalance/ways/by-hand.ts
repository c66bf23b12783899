import { type BenchCluster } from '../bench-cluster';
import { type HoldWindow, type Moved, type Way } from '../moved';
import { deleteWhenAlone, lagOf, level, until, WatchedHandover } from './steps';

/** Between two looks of the script, in milliseconds. */
const pollMs = 100;

/** The documented steps, one slot after the other, as a patient script would do them. */
export const byHand: Way = {
  name: 'steps by hand, 100 ms polls',
  ready: async (cluster) => ({
    move: (slots) => moveAll(cluster, slots),
    stop: async () => undefined,
  }),
};

async function moveAll(cluster: BenchCluster, slots: readonly number[]): Promise<Moved> {
  const begunAt = performance.now();
  const heldMs: number[] = [];
  const windows: HoldWindow[] = [];
  for (const slot of slots) {
    const watched = await moveOne(cluster, slot);
    heldMs.push(watched.heldMs);
    windows.push(watched.window);
  }
  return { seconds: (performance.now() - begunAt) / 1_000, heldMs, windows };
}

async function moveOne(cluster: BenchCluster, slot: number): Promise<WatchedHandover> {
  const { a, e, f } = cluster.nodes;
  for (const node of [e, f]) await node.addSlots([slot]);
  await e.attach({ master: a.address, slots: [slot] });
  await until(`${e.address} level with ${a.address}`, pollMs, () => level(a, e, [slot]));
  await f.attach({ master: e.address, slots: [slot] });
  await until(`${f.address} level with ${e.address}`, pollMs, () => level(e, f, [slot]));
  const watched = await handOver(cluster, slot);
  await cleanUp(cluster, slot);
  return watched;
}

async function handOver(cluster: BenchCluster, slot: number): Promise<WatchedHandover> {
  const { a, e } = cluster.nodes;
  const watched = new WatchedHandover(cluster, slot);
  await cluster.dashboard.queueHandover({ table: 0, slot }, 3);
  await until(`slot ${slot} held`, pollMs, async () => (await watched.look()).handover?.state === 'holding');
  await until(`slot ${slot} drained`, pollMs, async () => lagOf(await a.slot(slot), e) === 0);
  await e.detach([slot]);
  await until(`slot ${slot} switched`, pollMs, async () => {
    const { group, handover } = await watched.look();
    return group === 3 && !handover;
  });
  return watched;
}

async function cleanUp({ nodes: { a, b } }: BenchCluster, slot: number): Promise<void> {
  await b.detach([slot]);
  await deleteWhenAlone(b, slot, pollMs);
  await deleteWhenAlone(a, slot, pollMs);
}
