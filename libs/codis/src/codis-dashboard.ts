import {
  type CanHold,
  type ProxyRoute,
  type Router,
  type RouterProxy,
  type RouterView,
  type SendGate,
  type SlotRef,
  type SlotRoute,
} from '@slotferry/cluster';

import { type FilledSlot, filledSlot } from './answers/filled-slot';
import { findRoutes } from './answers/find-routes';
import { readAnswer, readText } from './answers/read-answer';
import { field, list, object, text } from './answers/shape';
import { readView } from './answers/stats';
import {
  requireAddress,
  requireGroup,
  requireSlot,
  requireSlots,
  requireToken,
  requireUrl,
} from './arguments';
import { CodisError } from './codis.errors';
import { CodisProxyAdmin, type ProxyLook } from './codis-proxy-admin';
import { CodisHttp, type CodisLimits } from './http/codis-http';
import { ProxyHold } from './proxy-hold';
import { dashboardXAuth } from './xauth';

export interface CodisDashboardOptions extends CodisLimits {
  /** `http://host:port` of the dashboard's admin API. */
  readonly url: string;
  readonly product: string;
  /** Needed for the key of the proxies' APIs only. */
  readonly productAuth?: string;
  /** Limit for one answer of a proxy, in milliseconds. */
  readonly proxyTimeoutMs?: number;
}

const PROXY_TIMEOUT_MS = 2_000;

/** An original Codis 3.2 dashboard. Reports typed errors and repeats nothing: what to do about them is the caller's. */
export class CodisDashboard implements Router {
  readonly kind = 'codis';
  readonly address: string;
  private readonly http: CodisHttp;
  private readonly xauth: string;
  private readonly proxies = new Map<string, CodisProxyAdmin>();
  private readonly proxyHold = new ProxyHold(this);

  constructor(private readonly options: CodisDashboardOptions) {
    const url = requireUrl(options.url);
    this.address = url.href;
    this.xauth = dashboardXAuth(options.product);
    const party = {
      name: `the dashboard ${url.host}`,
      codeWhenUnreachable: 'unreachable',
      codeWhenSilent: 'timed-out',
    } as const;
    this.http = new CodisHttp(url, party, options);
  }

  async ping(): Promise<void> {
    const product = productOf(await this.http.read('/topom/model'), this.address);
    if (product !== this.options.product) {
      throw new CodisError({
        code: 'wrong-product',
        message: `The dashboard ${this.address} serves the product ${product}, not ${this.options.product}.`,
      });
    }
    await this.http.read(`/api/topom/xping/${this.xauth}`);
  }

  async view(maxAgeMs?: number): Promise<RouterView> {
    return this.read(await this.stats(maxAgeMs));
  }

  /** The view that a text of statistics shows. */
  protected read(stats: string): RouterView {
    const asked = this.askedForStats();
    return readText(() => readView(stats, this.options.product, asked), asked);
  }

  async route(ref: SlotRef, maxAgeMs?: number): Promise<SlotRoute> {
    const [route] = await this.routes([ref], maxAgeMs);
    return route as SlotRoute;
  }

  async routes(slots: readonly SlotRef[], maxAgeMs?: number): Promise<SlotRoute[]> {
    const ids = slots.map(requireSlot);
    if (ids.length === 0) return [];
    const stats = await this.stats(maxAgeMs);
    return readText(() => findRoutes(stats, ids), this.askedForStats());
  }

  /** All slots as the dashboard would send them to the proxies now. */
  async filledSlots(): Promise<FilledSlot[]> {
    const answer = await this.http.read(`/api/topom/slots/${this.xauth}`);
    return readAnswer(answer, list(filledSlot), `GET /api/topom/slots/*** at ${this.address}`);
  }

  canHold(): Promise<CanHold> {
    return this.proxyHold.canHold();
  }

  hold(slots: readonly SlotRef[], gate?: SendGate, ownPromotion?: number): Promise<void> {
    return this.proxyHold.hold(slots, gate, ownPromotion);
  }

  release(slots: readonly SlotRef[], gate?: SendGate, known?: readonly RouterProxy[]): Promise<void> {
    return this.proxyHold.release(slots, gate, known);
  }

  async proxyRoutes(
    proxy: RouterProxy,
    slots: readonly SlotRef[],
    _maxAgeMs?: number,
  ): Promise<ProxyRoute[]> {
    requireSlots(slots);
    return (await this.lookAtProxy(proxy)).routes(slots);
  }

  /** One look at all routes of a proxy. */
  protected lookAtProxy(proxy: RouterProxy): Promise<ProxyLook> {
    return this.proxyAdmin(proxy).look();
  }

  /** The API of one of the dashboard's proxies. Closed together with the dashboard. */
  proxyAdmin(proxy: Pick<RouterProxy, 'admin' | 'token'>): CodisProxyAdmin {
    const id = `${proxy.admin} ${proxy.token}`;
    const known = this.proxies.get(id);
    if (known !== undefined) return known;
    const { product, productAuth = '', connectTimeoutMs, proxyTimeoutMs = PROXY_TIMEOUT_MS } = this.options;
    const limits = { connectTimeoutMs, readTimeoutMs: proxyTimeoutMs, changeTimeoutMs: proxyTimeoutMs };
    const admin = new CodisProxyAdmin(proxy, { product, productAuth }, limits);
    this.proxies.set(id, admin);
    return admin;
  }

  async queueHandover(slot: SlotRef, targetGroup: number, gate?: SendGate): Promise<void> {
    await this.change(['slots/action/create', requireSlot(slot), requireGroup(targetGroup)], gate);
  }

  async withdrawHandover(slot: SlotRef, gate?: SendGate): Promise<void> {
    await this.change(['slots/action/remove', requireSlot(slot)], gate);
  }

  async assign(slots: readonly SlotRef[], group: number, gate?: SendGate): Promise<void> {
    const groupId = requireGroup(group);
    const body = requireSlots(slots).map((id) => ({ id, group_id: groupId, action: {} }));
    await this.change(['slots/assign'], gate, JSON.stringify(body));
  }

  async resyncGroup(group: number, gate?: SendGate): Promise<void> {
    await this.change(['group/resync', requireGroup(group)], gate);
  }

  async createGroup(group: number, gate?: SendGate): Promise<void> {
    await this.change(['group/create', requireGroup(group)], gate);
  }

  async addServer(group: number, server: string, gate?: SendGate): Promise<void> {
    await this.change(['group/add', requireGroup(group), requireAddress(server)], gate);
  }

  async addProxy(admin: string, gate?: SendGate): Promise<void> {
    await this.change(['proxy/create', requireAddress(admin)], gate);
  }

  async removeProxy({ token }: Pick<RouterProxy, 'token'>, gate?: SendGate): Promise<void> {
    await this.change(['proxy/remove', requireToken(token), 1], gate);
  }

  pingProxy(proxy: RouterProxy): Promise<void> {
    return this.proxyAdmin(proxy).isAlive();
  }

  redirect(
    proxy: RouterProxy,
    slots: readonly SlotRef[],
    masters: { readonly from: string; readonly to: string },
    gate?: SendGate,
  ): Promise<void> {
    return this.proxyAdmin(proxy).redirect(slots, masters, gate);
  }

  async promote(group: number, server: string, gate?: SendGate): Promise<void> {
    await this.change(['group/promote', requireGroup(group), requireAddress(server)], gate);
  }

  async setHandoversDisabled(disabled: boolean, gate?: SendGate): Promise<void> {
    await this.change(['slots/action/disabled', disabled ? 1 : 0], gate);
  }

  async close(): Promise<void> {
    this.http.close();
    this.proxies.forEach((proxy) => proxy.close());
    this.proxies.clear();
  }

  /**
   * The text of all statistics, 100 KB and more, of which routes and views are made. The dashboard refuses it to whoever has another
   * product's key: no view of a wrong cluster is ever used.
   */
  protected stats(_maxAgeMs?: number): Promise<string> {
    return this.http.read(`/api/topom/stats/${this.xauth}`);
  }

  private askedForStats(): string {
    return `GET /api/topom/stats/*** at ${this.address}`;
  }

  private change(
    [verb, ...rest]: readonly [string, ...(string | number)[]],
    gate?: SendGate,
    body?: string,
  ): Promise<void> {
    const path = ['/api/topom', verb, this.xauth, ...rest].join('/');
    return this.http.change(path, { ...(gate && { gate }), ...(body !== undefined && { body }) });
  }
}

function productOf(model: string, address: string): string {
  try {
    return field(object(JSON.parse(model), 'model'), 'product_name', text, 'model');
  } catch (error) {
    throw new CodisError({
      code: 'not-codis',
      message: `${address} answers, but not with the model of a Codis dashboard.`,
      cause: error,
    });
  }
}
