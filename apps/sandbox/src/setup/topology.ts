import { formatSlots } from '@slotferry/cluster';
import { type SandboxProxy } from '../codis';
import { SandboxError } from '../errors';
import { type ResolvedOptions } from '../options';
import { type PikaNode } from '../pika';
import { type FaultyProcess } from '../process-fault';
import { RespConnection } from '../resp';
import { type DashboardCalls } from './dashboard-calls';

const READY_LIMIT_MS = 20_000;
const POLL_MS = 5;

/** Tells the dashboard of every proxy. */
export async function registerProxies(
  calls: DashboardCalls,
  proxies: ReadonlyMap<string, FaultyProcess<SandboxProxy>>,
): Promise<void> {
  for (const { process } of proxies.values()) await calls.registerProxy(process.adminAddress);
}

/**
 * Makes groups: slots spread evenly in ranges, the other nodes following the first, groups and slots known to the dashboard.
 * Nodes beyond them stay empty.
 */
export async function buildGroups(
  calls: DashboardCalls,
  nodes: ReadonlyMap<string, PikaNode>,
  { groups, replicas, slots }: ResolvedOptions,
): Promise<void> {
  const all = [...nodes.values()];
  for (let group = 1; group <= groups; group += 1) {
    const size = replicas + 1;
    const [master, ...followers] = all.slice((group - 1) * size, group * size);
    const first = Math.floor((slots * (group - 1)) / groups);
    const next = Math.floor((slots * group) / groups);
    const range = Array.from({ length: next - first }, (_, index) => first + index);
    if (!master) continue;
    if (range.length > 0) await buildReplication(master, followers, formatSlots(range));
    await calls.createGroup(group);
    for (const { address } of [master, ...followers]) await calls.addServer(group, address);
    if (range.length > 0) await calls.assign(range, group);
  }
}

async function buildReplication(
  master: PikaNode,
  replicas: readonly PikaNode[],
  slots: string,
): Promise<void> {
  await run(master, ['addslots', slots]);
  for (const replica of replicas) {
    await run(replica, ['addslots', slots]);
    await run(replica, ['slotsslaveof', master.host, String(master.port), slots]);
  }
  const deadline = performance.now() + READY_LIMIT_MS;
  for (const replica of replicas) {
    while (!follows(replica, master)) {
      if (performance.now() > deadline) throw setupFailed(`${replica.name} does not follow ${master.name}`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}

function follows(replica: PikaNode, master: PikaNode): boolean {
  return (
    replica.store.slots.every(({ attachment }) => attachment?.state === 'kConnected') &&
    master.store.slots.every((slot) => slot.feedOf(replica.address)?.state === 'SlaveBinlogSync')
  );
}

async function run(node: PikaNode, words: readonly string[]): Promise<void> {
  const connection = await RespConnection.connect({ host: node.host, port: node.port });
  try {
    if (node.password !== '') await connection.send(['auth', node.password]);
    const reply = await connection.send(['pkcluster', ...words]);
    if (reply.type !== 'simple') throw setupFailed(`${node.name} refused "pkcluster ${words.join(' ')}"`);
  } finally {
    connection.close();
  }
}

function setupFailed(message: string): SandboxError {
  return new SandboxError('SANDBOX_SETUP', message, 'Start the sandbox again, or with --groups 0.');
}
