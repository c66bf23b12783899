import type { RouterProxy, RouterView } from '@slotferry/cluster';
import { CodisError } from '@slotferry/codis';
import type { OpenCluster } from '@slotferry/inventory';
import { sleep, systemClock } from '@slotferry/platform';
import { type Outcome, wait } from '@slotferry/workflow';
import { asJson, fact, type FailoverContext } from './facts';
import { examineProxies, type ProxyHealth } from './proxy-health';
import { redirectProxies } from './redirect';
import { viewOf } from './router-view';
import { timing } from './timing';

/**
 * Takes proxies out of the router that would keep it from promoting: one that is dead makes it fail, one that hangs makes it stand still for a
 * minute. Only those with which the router has trouble of its own, too: that this worker does not reach a proxy is no reason to take
 * it from its clients. Null when the way is free.
 */
export async function clearProxies(
  context: FailoverContext,
  cluster: OpenCluster,
  view: RouterView,
): Promise<Outcome | null> {
  const healths = await examineProxies(cluster.router, view.proxies);
  const bad = healths.filter(({ state }) => state !== 'alive');
  if (bad.length === 0) return null;
  const alive = healths.filter(({ state }) => state === 'alive').map(({ proxy }) => proxy);
  if (alive.length === 0) {
    const message = `no proxy answers: ${bad.map((one) => one.message).join('; ')}`;
    return wait('proxies-unreachable', message, timing.retry);
  }
  // Whatever the router needs to get rid of a hung one: clients of the others do not wait for it.
  if (bad.some(({ state }) => state === 'hung')) {
    const failures = await redirectProxies(context, cluster, alive);
    context.step('told proxies directly', { told: alive.length, failures });
  }
  for (const one of bad) {
    if (await routerHasTrouble(context, cluster, one))
      await removeProxy(context, cluster, one.proxy, one.message);
  }
  return null;
}

/** A refused connection is known to the router at its next command; a silence has to be seen by both. */
async function routerHasTrouble(
  context: FailoverContext,
  cluster: OpenCluster,
  { proxy, state }: ProxyHealth,
): Promise<boolean> {
  if (proxy.problem !== null) return true;
  if (state === 'gone') return false;
  const deadline = systemClock.monotonicMs() + timing.proxyOpinion;
  while (systemClock.monotonicMs() < deadline) {
    await sleep(timing.retry, context.signal);
    const present = (await viewOf(cluster)).proxies.find(({ token }) => token === proxy.token);
    if (!present || present.problem !== null) return present !== undefined;
  }
  return false;
}

/** Recorded before it happens, so that it is put back whatever happens then. */
export async function removeProxy(
  context: FailoverContext,
  { router }: OpenCluster,
  proxy: RouterProxy,
  why: string,
): Promise<void> {
  const removed = fact(context, 'removedProxies') ?? [];
  const { token, admin } = proxy;
  const others = removed.filter((one) => one.token !== token);
  const removedProxies = [...others, { token, admin, why, at: context.now() }];
  await context
    .command(
      {
        target: 'dashboard',
        action: `remove proxy ${admin}, which does not answer`,
        send: (gate) => router.removeProxy(proxy, gate),
      },
      { facts: asJson({ removedProxies }) },
    )
    .catch((error: unknown) => {
      if (!(error instanceof CodisError && error.code === 'proxy-not-found')) throw error;
    });
}
