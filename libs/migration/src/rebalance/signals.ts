import type { OpenCluster } from '@slotferry/inventory';
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
    holdsTakenBack: board.filter(({ summary }) => summary?.waiting?.code === 'hold-budget-exceeded').length,
  };
}

async function timed<T>(ask: () => Promise<T>): Promise<[number, T]> {
  const askedAt = performance.now();
  const answer = await ask();
  return [performance.now() - askedAt, answer];
}
