import {
  MAX_SLOTS,
  type ProxyRoute,
  type RouterProxy,
  type RouterView,
  type SlotRef,
} from '@slotferry/cluster';
import { CodisDashboard, type FilledSlot } from '@slotferry/codis';
import { Coalescer } from './coalescer';

/**
 * A dashboard whose looks are shared by all who ask at the same time: one fetch of the statistics at once, for routes and views, one of
 * the filled slots, and one of the routes of each proxy, which come for all slots together. Changes go their own ways.
 */
export class SharedDashboard extends CodisDashboard {
  private readonly texts = new Coalescer<null, string>(async () => {
    const text = await super.stats();
    return () => text;
  });

  private readonly views = new Coalescer<null, RouterView>(async () => {
    const view = await super.view();
    return () => view;
  });

  private readonly filled = new Coalescer<null, FilledSlot[]>(async () => {
    const slots = await super.filledSlots();
    return () => slots;
  });

  /** By the address and token of the proxy: one that was started anew is another one. */
  private readonly routesAtProxies = new Map<string, Coalescer<number, ProxyRoute>>();

  /** Read once for all who ask at the same time. */
  override view(): Promise<RouterView> {
    return this.views.load(null);
  }

  override filledSlots(): Promise<FilledSlot[]> {
    return this.filled.load(null);
  }

  override async proxyRoutes(proxy: RouterProxy, slots: readonly SlotRef[]): Promise<ProxyRoute[]> {
    // What is wrong with the slots of one caller shall not fail the others.
    if (!areFit(slots)) return super.proxyRoutes(proxy, slots);
    const routes = this.routesAt(proxy);
    return Promise.all(slots.map(({ slot }) => routes.load(slot)));
  }

  protected override stats(): Promise<string> {
    return this.texts.load(null);
  }

  private routesAt(proxy: RouterProxy): Coalescer<number, ProxyRoute> {
    const id = `${proxy.admin} ${proxy.token}`;
    const known = this.routesAtProxies.get(id);
    if (known) return known;
    const routes = new Coalescer<number, ProxyRoute>(async (slots) => {
      const wanted = [...slots];
      const found = await super.proxyRoutes(
        proxy,
        wanted.map((slot) => ({ table: 0, slot })),
      );
      const bySlot = new Map(wanted.map((slot, index) => [slot, found[index]]));
      return (slot) => bySlot.get(slot) as ProxyRoute;
    });
    this.routesAtProxies.set(id, routes);
    return routes;
  }
}

function areFit(slots: readonly SlotRef[]): boolean {
  const ids = slots.map(({ slot }) => slot);
  const known = slots.every(({ table, slot }) => table === 0 && isSlot(slot));
  return known && ids.length > 0 && new Set(ids).size === ids.length;
}

function isSlot(slot: number): boolean {
  return Number.isInteger(slot) && slot >= 0 && slot < MAX_SLOTS;
}
