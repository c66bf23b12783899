import { setTimeout as pause } from 'node:timers/promises';
import { CodisError, causeOf } from '../protocol/codis-error';
import { sortedByKey } from '../protocol/go-format';
import { type ProxyModel, type Sample } from '../protocol/models';
import { fullInfo } from './node-commands';
import { onlineProxy } from './proxies';
import { type ServerSample } from './samples';
import { type Topom } from './topom';

/** Asks every server of every group for its INFO, all at once. */
export async function sampleServers(topom: Topom): Promise<void> {
  const addresses = await topom.locked(() =>
    topom.cluster.groups.flatMap((group) => group.servers.map(({ server }) => server)),
  );
  const samples = await Promise.all(
    addresses.map(async (address): Promise<[string, ServerSample]> => {
      const sample = limited(topom, () => topom.samplePool.use(address, fullInfo));
      const { stats, ...rest } = await sample;
      return [address, { ...(stats && { stats: sortedByKey(stats) }), ...rest }];
    }),
  );
  await topom.locked(() => (topom.samples.servers = new Map(samples)));
}

/** Asks every proxy for its stats, and brings those online that answer but are not. */
export async function sampleProxies(topom: Topom): Promise<void> {
  const proxies = await topom.locked(() => topom.cluster.proxies);
  const samples = await Promise.all(
    proxies.map(async (proxy) => {
      const sample = await limited(topom, () => topom.proxyClient(proxy).stats());
      if (sample.stats && !sample.stats.online && !sample.stats.closed) await bringOnline(topom, proxy);
      return [proxy.token, sample] as const;
    }),
  );
  await topom.locked(() => (topom.samples.proxies = new Map(samples)));
}

async function bringOnline(topom: Topom, proxy: ProxyModel): Promise<void> {
  try {
    await topom.locked(() => onlineProxy(topom, proxy.admin_addr));
  } catch (error) {
    if (!(error instanceof CodisError)) throw error; // a refusal is tried again with the next sample
  }
}

async function limited<T>(topom: Topom, ask: () => Promise<T>): Promise<Sample<T>> {
  const limit = new AbortController();
  const asked = ask().then(
    (stats): Sample<T> => ({ stats, unixtime: unixtime() }),
    (error: unknown): Sample<T> => ({ error: bodyOf(error), unixtime: unixtime() }),
  );
  const late = pause(topom.config.timings.sampleMs, undefined, { signal: limit.signal }).then(
    (): Sample<T> => ({ unixtime: unixtime(), timeout: true }),
    (): Sample<T> => ({ unixtime: unixtime(), timeout: true }), // the answer came first
  );
  const sample = await Promise.race([asked, late]);
  limit.abort();
  return sample;
}

function bodyOf(error: unknown): { Cause: string; Stack: unknown } {
  return error instanceof CodisError ? error.toBody() : { Cause: causeOf(error), Stack: null };
}

function unixtime(): number {
  return Math.floor(Date.now() / 1_000);
}
