import { NODE_CONDITIONS, type NodeVote, type WorkerVote } from '@slotferry/cluster';
import type { Promotion, SeenNode, SeenSlot, SlotPositions } from './types';

/** Tables of numbers instead of objects with names: thousands of slots and nodes are stored every second. */
type StoredVote = readonly (readonly [
  node: string,
  condition: number,
  silentMs: number,
  startedAt: number | null,
])[];
type StoredSlot = readonly [
  table: number,
  slot: number,
  file: number,
  offset: number,
  following: string | null,
  status: string | null,
  lag: number | null,
];
type StoredPositions = readonly (readonly [table: number, slot: number, file: number, offset: number])[];

export function encodeVote(nodes: readonly NodeVote[]): string {
  const stored: StoredVote = nodes.map(({ node, condition, silentMs, startedAt }) => [
    node,
    NODE_CONDITIONS.indexOf(condition),
    Math.round(silentMs),
    startedAt,
  ]);
  return JSON.stringify(stored);
}

/** Reads `<time> <vote>`. */
export function decodeVote(worker: string, text: string): WorkerVote {
  const blank = text.indexOf(' ');
  const stored = JSON.parse(text.slice(blank + 1)) as StoredVote;
  const nodes = stored.map(([node, condition, silentMs, startedAt]) => ({
    node,
    condition: NODE_CONDITIONS[condition] ?? 'unreachable',
    silentMs,
    startedAt,
  }));
  return { worker, at: Number(text.slice(0, blank)), nodes };
}

export function encodeSeen({ at, slots }: SeenNode): string {
  const stored = slots.map(({ table, slot, position, following, status, lag }): StoredSlot => [
    table,
    slot,
    position.file,
    position.offset,
    following,
    status,
    lag,
  ]);
  return JSON.stringify([at, stored]);
}

export function decodeSeen(node: string, text: string): SeenNode {
  const [at, stored] = JSON.parse(text) as [number, StoredSlot[]];
  const slots = stored.map(([table, slot, file, offset, following, status, lag]): SeenSlot => {
    return { table, slot, position: { file, offset }, following, status, lag };
  });
  return { node, at, slots };
}

export function encodePromotion(promotion: Promotion): string {
  const positions: StoredPositions = [...promotion.positions].flatMap(([table, slots]) =>
    [...slots].map(([slot, { file, offset }]) => [table, slot, file, offset] as const),
  );
  return JSON.stringify({ ...promotion, positions });
}

export function decodePromotion(text: string): Promotion {
  const stored = JSON.parse(text) as Omit<Promotion, 'positions'> & { readonly positions: StoredPositions };
  return { ...stored, positions: positionsByTable(stored.positions) };
}

function positionsByTable(stored: StoredPositions): SlotPositions {
  const tables = new Map<number, Map<number, { file: number; offset: number }>>();
  for (const [table, slot, file, offset] of stored) {
    const slots = tables.get(table) ?? new Map<number, { file: number; offset: number }>();
    slots.set(slot, { file, offset });
    tables.set(table, slots);
  }
  return tables;
}
