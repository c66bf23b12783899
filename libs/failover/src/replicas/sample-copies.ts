import { positionsEqual, type SlotRef } from '@slotferry/cluster';
import { type Fingerprint, PikaError, type PikaNode } from '@slotferry/pika';

/** Slots compared, and keys of each. */
const slotsCompared = 32;
const keysCompared = 16;
/** A slot that is written to all the time is looked at so often; then its positions are the only proof. */
const tries = 5;

export interface CopySample {
  /** Slots of which keys were compared while both copies stood at the same position. */
  readonly compared: number;
  /** Of those, slots whose copies differ. */
  readonly differing: readonly SlotRef[];
}

/** Compares keys of some slots of a node with its master's: first those given first, the rest spread over all. */
export async function sampleCopies(
  node: PikaNode,
  master: PikaNode,
  first: readonly SlotRef[],
  slots: readonly SlotRef[],
): Promise<CopySample> {
  const chosen = [...first.slice(0, slotsCompared), ...spread(slots, slotsCompared - first.length)];
  const results: { ref: SlotRef; equal: boolean | null }[] = [];
  // Keys of other tables than 0 cannot be listed.
  for (const ref of chosen.filter(({ table }) => table === 0)) {
    results.push({ ref, equal: await compareSlot(node, master, ref.slot) });
  }
  return {
    compared: results.filter(({ equal }) => equal !== null).length,
    differing: results.filter(({ equal }) => equal === false).map(({ ref }) => ref),
  };
}

function spread(slots: readonly SlotRef[], count: number): SlotRef[] {
  if (count <= 0) return [];
  const every = Math.max(1, Math.ceil(slots.length / count));
  return slots.filter((_, index) => index % every === 0);
}

/** Null when that cannot be told: differences count only while neither copy moves and both stand at the same position. */
async function compareSlot(node: PikaNode, master: PikaNode, slot: number): Promise<boolean | null> {
  for (let round = 0; round < tries; round += 1) {
    const keys = await someKeys(node, master, slot);
    if (keys === null) return null;
    const before = await positionsOf(node, master, slot);
    const pairs = await Promise.all(
      keys.map((key) => Promise.all([node.fingerprint(key), master.fingerprint(key)])),
    );
    const after = await positionsOf(node, master, slot);
    if (pairs.every(([own, other]) => same(own, other))) return true;
    const stood = before && after && before.every((one) => after.every((two) => positionsEqual(one, two)));
    if (stood) return false;
  }
  return null;
}

async function positionsOf(node: PikaNode, master: PikaNode, slot: number) {
  const [own, other] = await Promise.all([node.slot(slot), master.slot(slot)]);
  return own && other ? [own.position, other.position] : null;
}

/** Null where the version cannot list the keys of a slot. */
async function someKeys(node: PikaNode, master: PikaNode, slot: number): Promise<Buffer[] | null> {
  try {
    const pages = await Promise.all([node, master].map((one) => one.scanSlot(slot, '0', keysCompared)));
    return pages.flatMap(({ keys }) => keys.slice(0, keysCompared));
  } catch (error) {
    if (error instanceof PikaError && (error.code === 'unsupported' || error.code === 'syntax')) return null;
    throw error;
  }
}

/** A key that is to expire may do so at one end a moment earlier. */
function same(own: Fingerprint, other: Fingerprint): boolean {
  if ((own.ttlSet && other.type === 'none') || (other.ttlSet && own.type === 'none')) return true;
  return own.type === other.type && own.digest === other.digest;
}
