import { type OpenCluster } from '@slotferry/inventory';
import { type SlotInfo } from '@slotferry/pika';
import { type Problem, withTimeout } from '@slotferry/platform';
import { problemOf } from './problem-of';

/** A node that says nothing for so long counts as unreachable, in milliseconds. */
const LIMIT_MS = 4_000;

/** What one node said about itself, or why it said nothing. */
export interface NodeView {
  readonly address: string;
  readonly problem: Problem | null;
  readonly version: string | null;
  readonly uptimeSeconds: number | null;
  /** Slots the node holds, by table. */
  readonly tables: ReadonlyMap<number, ReadonlyMap<number, SlotInfo>>;
}

/** Asks one node. Never throws: what goes wrong is part of the view. */
export async function viewNode(cluster: OpenCluster, address: string): Promise<NodeView> {
  try {
    return await withTimeout(askNode(cluster, address), LIMIT_MS, `node ${address} to tell its slots`);
  } catch (error) {
    return { address, problem: problemOf(error), version: null, uptimeSeconds: null, tables: new Map() };
  }
}

async function askNode(cluster: OpenCluster, address: string): Promise<NodeView> {
  const node = cluster.node(address);
  const info = await node.info();
  const tables = await Promise.all(
    cluster.definition.tables.map(async ({ id }) => [id, await node.slots(undefined, id)] as const),
  );
  return {
    address,
    problem: null,
    version: info.version.text,
    uptimeSeconds: info.uptimeSeconds,
    tables: new Map(tables),
  };
}
