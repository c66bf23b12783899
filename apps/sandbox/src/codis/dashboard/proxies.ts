import { causeOf, refuse } from '../protocol/codis-error';
import { type ProxyModel } from '../protocol/models';
import { fetchModel } from './proxy-client';
import { slotView } from './slot-view';
import { type Topom } from './topom';

/** Registers a proxy by its admin address. The record stays when bringing it online fails afterwards. */
export async function createProxy(topom: Topom, address: string): Promise<void> {
  const model = await fetchModel(topom.calls, address).catch((error: unknown) => {
    throw refuse(`proxy@${address} fetch model failed, ${causeOf(error)}`);
  });
  await checkXauth(topom, model).catch((error: unknown) => {
    throw refuse(`proxy@${address} check xauth failed, ${causeOf(error)}`);
  });
  if (topom.cluster.findProxy(model.token)) throw refuse(`proxy-[${model.token}] already exists`);
  await save(topom, model, nextId(topom));
}

/** The same, but a known proxy keeps its id and gets its new model. */
export async function onlineProxy(topom: Topom, address: string): Promise<void> {
  const model = await fetchModel(topom.calls, address).catch(() => {
    throw refuse(`proxy@${address} fetch model failed`);
  });
  await checkXauth(topom, model).catch(() => {
    throw refuse(`proxy@${address} check xauth failed`);
  });
  await save(topom, model, topom.cluster.findProxy(model.token)?.id ?? nextId(topom));
}

/** Sends a proxy all slots and starts it. */
export async function reinitProxy(topom: Topom, proxy: ProxyModel): Promise<void> {
  const client = topom.proxyClient(proxy);
  const slots = topom.cluster.slots.map((mapping) => slotView(mapping, topom.view, proxy));
  const because = (what: string) => () => {
    throw refuse(`proxy-[${proxy.token}] ${what} failed`);
  };
  await client.fillSlots(slots).catch(because('fillslots'));
  await client.start().catch(because('start'));
  await client.setSentinels().catch(because('set sentinels'));
}

/** Ends a proxy's process and forgets it; a dead one is forgotten only by force. */
export async function removeProxy(topom: Topom, token: string, force: number): Promise<void> {
  const proxy = topom.cluster.proxy(token);
  await topom
    .proxyClient(proxy)
    .shutdown()
    .catch(() => {
      if (force === 0) throw refuse(`proxy-[${token}] shutdown failed`);
    });
  topom.cluster.removeProxy(token);
}

async function checkXauth(topom: Topom, model: ProxyModel): Promise<void> {
  await topom.proxyClient(model).xping();
}

async function save(topom: Topom, model: ProxyModel, id: number): Promise<void> {
  const proxy = { id, ...model };
  topom.cluster.saveProxy(proxy);
  await reinitProxy(topom, proxy);
}

function nextId(topom: Topom): number {
  return Math.max(0, ...topom.cluster.proxies.map((proxy) => proxy.id ?? 0)) + 1;
}
