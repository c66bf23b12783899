import { keyOf, type RouterView, type SlotMove } from '@slotferry/cluster';
import type { OpenCluster } from '@slotferry/inventory';
import type { PikaNode } from '@slotferry/pika';
import type { Creation } from './made-slots';

/**
 * Slots created by one command: each holds up every data command of its node for about 70 ms. On a node without clients few at first, so
 * that the first moves begin soon, then twice as many each time, and at the end few again: what is created last is attached last.
 */
const perCommand = { busyNode: 1, least: 4, growth: 2, shareOfRest: 1 / 2, most: 32 };

/** What a node that will get slots still lacks. */
export interface Missing {
  readonly node: PikaNode;
  readonly table: number;
  readonly slots: readonly number[];
  /** The node serves clients: what holds it up is felt. */
  readonly serves: boolean;
}

/** Looks at all nodes that will get slots. Those that go first are created first. */
export async function findMissing(
  cluster: OpenCluster,
  view: RouterView,
  moves: readonly SlotMove[],
  isFirst: (move: SlotMove) => boolean,
): Promise<Missing[]> {
  const nodes = view.groups.flatMap(({ id, servers }) => {
    const all = moves.filter(({ to }) => to === id);
    const coming = [...all.filter(isFirst), ...all.filter((move) => !isFirst(move))];
    const serves = view.routes.some(({ group }) => group === id);
    return [...new Set(coming.map(({ table }) => table))].flatMap((table) => {
      const wanted = coming.filter((move) => move.table === table).map(({ slot }) => slot);
      return servers.map((address) => ({ node: cluster.node(address), table, wanted, serves }));
    });
  });
  const missing = await Promise.all(
    nodes.map(async ({ node, table, wanted, serves }) => {
      const held = await node.slots(wanted, table);
      return { node, table, serves, slots: wanted.filter((slot) => !held.has(slot)) };
    }),
  );
  return missing.filter(({ slots }) => slots.length > 0);
}

/** One command for each node, and what is missing when they are done. */
export function nextCreations(
  missing: readonly Missing[],
  chunk: number,
): { readonly creations: Creation[]; readonly rest: Missing[] } {
  const count = ({ serves }: Missing): number => (serves ? perCommand.busyNode : chunk);
  return {
    creations: missing.map((one) => ({ ...one, slots: one.slots.slice(0, count(one)) })),
    rest: missing
      .map((one) => ({ ...one, slots: one.slots.slice(count(one)) }))
      .filter(({ slots }) => slots.length > 0),
  };
}

/** How many slots the next command creates on a node without clients. `before`: how many the last one did, 0 when it is the first. */
export function chunkAfter(before: number, missing: readonly Missing[]): number {
  const { least, growth, shareOfRest, most } = perCommand;
  const longest = Math.max(0, ...missing.map(({ slots }) => slots.length));
  return Math.max(least, Math.min(growth * before, Math.ceil(shareOfRest * longest), most));
}

/** The slots that some node lacks, by `table/slot`. */
export function keysOf(missing: readonly Missing[]): Set<string> {
  return new Set(missing.flatMap(({ table, slots }) => slots.map((slot) => keyOf({ table, slot }))));
}
