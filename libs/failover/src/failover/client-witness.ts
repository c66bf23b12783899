import type { RouterProxy } from '@slotferry/cluster';
import type { OpenCluster } from '@slotferry/inventory';
import { PikaError } from '@slotferry/pika';
import { TimeLimitError, withTimeout } from '@slotferry/platform';
import { timing } from './timing';

/** Whether clients still reach a node, by the word of the proxies. */
export interface ClientWitness {
  readonly proxies: number;
  /** Those that got an answer of the node over a connection of their own, by their client addresses. */
  readonly reach: readonly string[];
}

/**
 * Asks every proxy to ask the node, as clients can: `PING <host:port>` makes a Codis proxy send PING to that server over the connection that
 * requests go over, and never to a replica. Only its answer is evidence; that a proxy does not know the server, wants a password, or says
 * nothing means nothing.
 */
export async function askProxies(
  cluster: OpenCluster,
  proxies: readonly RouterProxy[],
  node: string,
): Promise<ClientWitness> {
  const asked = proxies.map(async ({ address }) => ({
    address,
    reaches: await reaches(cluster, address, node),
  }));
  const reach = (await Promise.all(asked)).flatMap((one) => (one.reaches ? [one.address] : []));
  return { proxies: proxies.length, reach };
}

async function reaches(cluster: OpenCluster, proxy: string, node: string): Promise<boolean> {
  const limitMs = timing.clientWitness;
  const asked = cluster.node(proxy).raw(['PING', node], { timeoutMs: limitMs });
  try {
    return (await withTimeout(asked, limitMs, `the proxy ${proxy}`)) === 'PONG';
  } catch (error) {
    if (error instanceof TimeLimitError || error instanceof PikaError) return false;
    throw error;
  }
}
