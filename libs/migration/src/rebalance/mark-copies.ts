import { keyOf, type RouterView, type SlotMove } from '@slotferry/cluster';
import type { OpenCluster } from '@slotferry/inventory';
import { PikaError, type SlotInfo } from '@slotferry/pika';
import type { BoardEntry } from './move-board';

/** Phases in which a move may cost a full copy. */
const copying: readonly string[] = [
  'preflight',
  'create-slots',
  'attach-master',
  'attach-replicas',
  'catch-up',
];

/**
 * Marks the moves whose slot may have to be copied in full: something was written behind its first binlog file, which may be gone by
 * now. Of a source that does not tell it is taken to be so. One command for each source and table.
 */
export async function markCopies(
  cluster: OpenCluster,
  view: RouterView,
  board: readonly BoardEntry[],
): Promise<BoardEntry[]> {
  const doubtful = board.filter(({ stage, summary }) => {
    if (stage === 'moving') return summary === null || copying.includes(summary.phase);
    return stage === 'waiting';
  });
  const heavy = await heavySlots(
    cluster,
    view,
    doubtful.map(({ move }) => move),
  );
  return board.map((entry) => (heavy.has(keyOf(entry.move)) ? { ...entry, mayCopy: true } : entry));
}

async function heavySlots(
  cluster: OpenCluster,
  view: RouterView,
  moves: readonly SlotMove[],
): Promise<Set<string>> {
  const sources = new Map<string, SlotMove[]>();
  for (const move of moves) {
    const name = `${move.from} ${move.table}`;
    sources.set(name, [...(sources.get(name) ?? []), move]);
  }
  const heavy = await Promise.all(
    [...sources.values()].map(async (list) => {
      const [first] = list;
      const master = view.groups.find(({ id }) => id === first?.from)?.servers[0];
      const infos = master === undefined ? null : await infosOf(cluster, master, list);
      return list.filter(({ slot }) => (infos ? (infos.get(slot)?.position.file ?? 0) > 0 : true)).map(keyOf);
    }),
  );
  return new Set(heavy.flat());
}

/** Null when the node does not tell. */
async function infosOf(
  cluster: OpenCluster,
  master: string,
  moves: readonly SlotMove[],
): Promise<ReadonlyMap<number, SlotInfo> | null> {
  const slots = moves.map(({ slot }) => slot);
  return cluster
    .node(master)
    .slots(slots, moves[0]?.table)
    .catch((error: unknown) => {
      if (error instanceof PikaError) return null;
      throw error;
    });
}
