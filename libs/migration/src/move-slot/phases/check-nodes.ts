import type { SlotRef } from '@slotferry/cluster';
import type { OpenCluster } from '@slotferry/inventory';
import type { PikaNode } from '@slotferry/pika';
import type { Outcome } from '@slotferry/workflow';
import { block } from '../../outcomes';

/**
 * Compares the nodes a slot will live on with the one it lives on now. Returns what stands in the way, or null. Throws PikaError
 * when one cannot be asked.
 */
export async function checkNodes(
  cluster: OpenCluster,
  ref: SlotRef,
  source: string,
  targets: readonly string[],
): Promise<Outcome | null> {
  const [from, ...others] = await Promise.all(
    [source, ...targets].map((address) => examine(cluster.node(address), ref.table)),
  );
  if (!from) return null;
  const info = await cluster.node(source).slot(ref.slot, ref.table);
  if (!info) {
    return block(
      'source-lacks-slot',
      `${source} is the master of the slot for the router, but does not hold it`,
      'Find out where the data of this slot is before anything else.',
    );
  }
  if (info.following) {
    return block(
      'source-follows',
      `${source} follows ${info.following.master} for slot ${ref.slot}: it takes no writes`,
      'Detach it there, or promote the right master, then this move goes on by itself.',
    );
  }
  for (const node of others) {
    if (node.slots === null) {
      return block(
        'target-lacks-table',
        `${node.address} has no table ${ref.table}`,
        `Create it there with ${from.slots ?? 'the same number of'} slots, then this move goes on by itself.`,
      );
    }
    if (node.slots !== from.slots) {
      return block(
        'slot-number-differs',
        `${node.address} cuts table ${ref.table} into ${node.slots} slots, ${source} into ${from.slots}: keys would go astray`,
        'Set the same default-slot-num on all nodes; a node that differs has to be set up anew.',
      );
    }
    if (node.version !== from.version) {
      return block(
        'versions-differ',
        `${node.address} runs Pika ${node.version}, ${source} runs ${from.version}`,
        'Bring them to the same version, or approve the move between versions: slotferry workflow approve <id> --code versions-differ',
      );
    }
  }
  return null;
}

async function examine(
  node: PikaNode,
  table: number,
): Promise<{ address: string; version: string; slots: number | null }> {
  const [{ version }, tables] = await Promise.all([node.info(), node.tables()]);
  const found = tables.find((one) => one.table === table);
  return { address: node.address, version: `${version.major}.${version.minor}`, slots: found?.slots ?? null };
}
