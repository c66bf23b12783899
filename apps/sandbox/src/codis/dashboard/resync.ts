import { refuse } from '../protocol/codis-error';
import { type Group, type ProxyModel, type SlotMapping } from '../protocol/models';
import { type ViewContext, slotView } from './slot-view';
import { type Topom } from './topom';

/**
 * Fills the slots into all proxies at the same time and waits for every one of them.
 * @throws CodisError `proxy-[T] resync slots failed`; the other proxies have the slots then
 */
export async function resyncSlots(
  topom: Topom,
  mappings: readonly SlotMapping[],
  view: ViewContext = topom.view,
): Promise<void> {
  if (mappings.length === 0) return;
  const calls = topom.cluster.proxies.map((proxy) => fill(topom, proxy, mappings, view));
  const failed = (await Promise.all(calls)).find((token) => token !== undefined);
  topom.assertOnline();
  if (failed !== undefined) throw refuse(`proxy-[${failed}] resync slots failed`);
}

/** Renews what proxies know about a group, and notes that they are in step. */
export async function resyncGroup(topom: Topom, group: Group): Promise<void> {
  await resyncSlots(topom, topom.cluster.slotsOf(group.id));
  topom.cluster.saveGroup({ ...group, out_of_sync: false });
}

/** Returns the proxy's token when the call failed; the reason stays in the log of the real dashboard. */
async function fill(
  topom: Topom,
  proxy: ProxyModel,
  mappings: readonly SlotMapping[],
  view: ViewContext,
): Promise<string | undefined> {
  try {
    await topom.proxyClient(proxy).fillSlots(mappings.map((mapping) => slotView(mapping, view, proxy)));
    return undefined;
  } catch {
    return proxy.token;
  }
}
