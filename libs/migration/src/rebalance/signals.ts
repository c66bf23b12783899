import { keyOf, type RouterView } from '@slotferry/cluster';
import type { OpenCluster } from '@slotferry/inventory';
import type { SlotInfo } from '@slotferry/pika';
import type { BoardEntry } from './move-board';
import type { Signals } from './pace';

/** How the router and the masters that are at work feel, and whether holds went wrong. Throws what the router throws. */
export async function signalsOf(cluster: OpenCluster, board: readonly BoardEntry[]): Promise<Signals> {
  const busy = board.filter(({ stage }) => stage === 'moving');
  const groups = new Set(busy.flatMap(({ move }) => [move.from, move.to]));
  const [routerMs, view] = await timed(() => cluster.router.view());
  const masters = view.groups
    .filter(({ id }) => groups.has(id))
    .flatMap(({ servers }) => servers.slice(0, 1));
  const answers = await Promise.all(
    masters.map(async (address) => {
      // A master that does not answer is the business of the moves that need it: it says nothing about the others.
      const answer = await timed(() => cluster.node(address).ping()).catch(() => null);
      return answer === null ? 0 : answer[0];
    }),
  );
  return {
    slowestAnswerMs: Math.max(routerMs, ...answers),
    replicaLagBytes: await largestLag(cluster, view, groups, busy),
    holdsTakenBack: board.filter(({ summary }) => summary?.waiting?.code === 'hold-budget-exceeded').length,
  };
}

/** Of slots of each group so many are looked at, spread evenly: a node tells them all in one answer, and that is a long one. */
const sampledSlots = 32;

/** How far the group's own replicas are behind its master, by the master's word, over slots that stay where they are. */
async function largestLag(
  cluster: OpenCluster,
  view: RouterView,
  groups: ReadonlySet<number>,
  busy: readonly BoardEntry[],
): Promise<number> {
  const moving = new Set(busy.map(({ move }) => keyOf(move)));
  const lags = await Promise.all(
    view.groups.map(async ({ id, servers: [master, ...replicas] }) => {
      if (!groups.has(id) || master === undefined || replicas.length === 0) return 0;
      const still = view.routes.filter(
        (route) => route.group === id && route.table === 0 && !moving.has(keyOf(route)),
      );
      const step = Math.max(1, Math.floor(still.length / sampledSlots));
      const slots = still.flatMap(({ slot }, index) => (index % step === 0 ? [slot] : []));
      // As with the ping: who does not answer says nothing.
      const infos = await cluster
        .node(master)
        .slots(slots.slice(0, sampledSlots))
        .catch(() => new Map<number, SlotInfo>());
      const own = [...infos.values()].flatMap(({ slaves }) =>
        slaves.filter(({ address }) => replicas.includes(address)),
      );
      return Math.max(0, ...own.map(({ lag }) => lag ?? 0));
    }),
  );
  return Math.max(0, ...lags);
}

async function timed<T>(ask: () => Promise<T>): Promise<[number, T]> {
  const askedAt = performance.now();
  const answer = await ask();
  return [performance.now() - askedAt, answer];
}
