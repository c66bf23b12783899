import { bytesBetween, comparePositions, type Tail } from '@slotferry/cluster';
import type { OpenCluster } from '@slotferry/inventory';
import type { PikaNode } from '@slotferry/pika';
import { sleep, systemClock, withTimeout } from '@slotferry/platform';
import type { FailoverContext } from './facts';
import { lookAtSlots } from '../slots/look-at-slots';
import { byTable, describeSlots, keyOf } from '../slots/slot-lists';
import { timing } from './timing';

/** What came of fetching. */
export type Fetched =
  | { readonly kind: 'complete' }
  /** Some did not come within the limit: they are lost. */
  | { readonly kind: 'incomplete'; readonly missingBytes: number; readonly slots: string }
  /** A node that takes part does not answer any more: it has to be thought over again. */
  | { readonly kind: 'node-gone'; readonly node: string; readonly message: string };

/**
 * Lets the winner follow those copies that have more of a slot than it has, until it has that, too. Copies of one history: a plain
 * attach goes on from where the winner stands.
 */
export async function fetchTails(
  context: FailoverContext,
  cluster: OpenCluster,
  winner: PikaNode,
  tails: readonly Tail[],
): Promise<Fetched> {
  let missing = await missingOf(winner, tails);
  if (missing.length === 0) return { kind: 'complete' };
  for (const from of new Set(missing.map((tail) => tail.from))) {
    const message = await attachTo(
      context,
      cluster,
      winner,
      missing.filter((tail) => tail.from === from),
    );
    if (message) return { kind: 'node-gone', node: from, message };
  }
  const deadline = systemClock.monotonicMs() + timing.convergeLimit;
  while (systemClock.monotonicMs() < deadline) {
    missing = await missingOf(winner, tails);
    if (missing.length === 0) return { kind: 'complete' };
    await sleep(timing.hotPoll, context.signal);
  }
  return (await goneSource(cluster, missing)) ?? incomplete(missing);
}

type Missing = Tail & { readonly bytes: number };

async function missingOf(winner: PikaNode, tails: readonly Tail[]): Promise<Missing[]> {
  const infos = await withTimeout(
    lookAtSlots(winner, tails),
    timing.nodeLook,
    `the slots of ${winner.address}`,
  );
  return tails.flatMap((tail) => {
    const position = infos.get(keyOf(tail))?.position;
    if (!position) return [{ ...tail, bytes: 0 }];
    return comparePositions(position, tail.to) < 0
      ? [{ ...tail, bytes: Math.max(1, bytesBetween(position, tail.to)) }]
      : [];
  });
}

/** Returns why it could not be done when the source is gone, else null. A slot that the source lacks is not asked for. */
async function attachTo(
  context: FailoverContext,
  cluster: OpenCluster,
  winner: PikaNode,
  tails: readonly Missing[],
): Promise<string | null> {
  const master = tails[0]?.from ?? '';
  const source = cluster.node(master);
  const looked = withTimeout(lookAtSlots(source, tails), timing.nodeLook, `the slots of ${master}`);
  const held = await looked.catch((error: unknown) => String(error));
  if (typeof held === 'string') return held;
  const wanted = tails.filter((tail) => held.has(keyOf(tail)));
  for (const { table, slots } of byTable(wanted)) {
    await context.command({
      target: `pika ${winner.address}`,
      action: `attach ${describeSlots(slots.map((slot) => ({ table, slot })))} to ${master}, which has more of them`,
      send: (gate) => winner.attach({ master, slots, table }, gate),
    });
  }
  return null;
}

async function goneSource(cluster: OpenCluster, missing: readonly Missing[]): Promise<Fetched | null> {
  for (const from of new Set(missing.map((tail) => tail.from))) {
    const pinged = withTimeout(cluster.node(from).ping(), timing.nodeLook, from);
    const message = await pinged.then(
      () => null,
      (error: unknown) => String(error),
    );
    if (message) return { kind: 'node-gone', node: from, message };
  }
  return null;
}

function incomplete(missing: readonly Missing[]): Fetched {
  const missingBytes = missing.reduce((sum, { bytes }) => sum + bytes, 0);
  return { kind: 'incomplete', missingBytes, slots: describeSlots(missing) };
}
