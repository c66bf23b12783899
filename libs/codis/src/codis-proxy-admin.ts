import { type ProxyRoute, type RouterProxy, type SendGate, type SlotRef } from '@slotferry/cluster';

import { type FilledSlot, filledSlot } from './answers/filled-slot';
import { findProxyRoutes } from './answers/find-proxy-routes';
import { readAnswer, readText } from './answers/read-answer';
import { list } from './answers/shape';
import { requireAddress, requireSlots } from './arguments';
import { CodisError } from './codis.errors';
import { CodisHttp, type CodisLimits } from './http/codis-http';
import { proxyXAuth } from './xauth';

/** What makes the key of a proxy's API. */
export interface ProxyKey {
  readonly product: string;
  /** Empty when the cluster has none. */
  readonly productAuth: string;
}

/** One look at a proxy. */
export interface ProxyLook {
  /** What it did with the slots then, in their order. Throws CodisError. */
  routes(slots: readonly SlotRef[]): ProxyRoute[];
}

/** The admin API of one proxy process. Throws CodisError that names the proxy. */
export class CodisProxyAdmin {
  private readonly http: CodisHttp;

  constructor(
    private readonly proxy: Pick<RouterProxy, 'admin' | 'token'>,
    private readonly key: ProxyKey,
    limits: CodisLimits,
  ) {
    requireAddress(proxy.admin);
    const party = {
      name: `the proxy ${proxy.admin}`,
      proxy: proxy.admin,
      codeWhenUnreachable: 'proxy-unreachable',
      codeWhenSilent: 'proxy-hung',
    } as const;
    this.http = new CodisHttp(new URL(`http://${proxy.admin}`), party, limits);
  }

  /** The proxy answers, and is the one with this token and key. */
  async ping(): Promise<void> {
    await this.http.read(`/api/proxy/xping/${this.xauth()}`);
  }

  /**
   * The process answers, whoever it is. Needs no key, and of all the proxy answers this alone does not wait for requests in flight when
   * slots are filled meanwhile.
   */
  async isAlive(): Promise<void> {
    await this.http.read('/proxy/model');
  }

  /** What the proxy does with all slots in this moment. Needs no key. */
  async look(): Promise<ProxyLook> {
    const text = await this.http.read('/proxy/slots');
    const asked = `GET /proxy/slots at ${this.proxy.admin}`;
    return {
      routes: (slots) => {
        const ids = requireSlots(slots);
        const routes = readText(() => findProxyRoutes(text, ids), asked);
        return ids.map((id, index) => routes[index] ?? this.missing(id, asked));
      },
    };
  }

  /** The same in the form in which the proxy was told. Needs no key. */
  async filledSlots(slots: readonly SlotRef[]): Promise<FilledSlot[]> {
    const ids = new Set(requireSlots(slots));
    const asked = `GET /proxy/slots at ${this.proxy.admin}`;
    const entries = readAnswer(await this.http.read('/proxy/slots'), list(filledSlot), asked);
    return entries.filter(({ id }) => ids.has(id));
  }

  /**
   * Hands the proxy slots as the dashboard's `/topom/slots` gives them, `locked` among them. Returns when no request of a
   * locked slot is in flight any more.
   */
  async fillSlots(entries: readonly FilledSlot[], gate?: SendGate): Promise<void> {
    requireSlots(entries.map(({ id }) => ({ table: 0, slot: id })));
    const path = `/api/proxy/fillslots/${this.xauth()}`;
    await this.http.change(path, { body: JSON.stringify(entries), ...(gate && { gate }) });
  }

  /**
   * Lets it send to `to` what it sends to `from`, and releases it. Slots in a handover stay as they are, and so does what goes elsewhere.
   * Reads may not go to replicas until the dashboard says so again: one of them may be the dead master's.
   */
  async redirect(
    slots: readonly SlotRef[],
    { from, to }: { readonly from: string; readonly to: string },
    gate?: SendGate,
  ): Promise<void> {
    const present = await this.filledSlots(slots);
    const wanted = present
      .filter((entry) => entry['backend_addr'] === from && !entry['migrate_from'])
      .map(({ replica_groups: _replicas, ...entry }) => ({ ...entry, backend_addr: to, locked: false }));
    if (wanted.length > 0) await this.fillSlots(wanted, gate);
  }

  close(): void {
    this.http.close();
  }

  private xauth(): string {
    return proxyXAuth(this.key.product, this.key.productAuth, this.proxy.token);
  }

  private missing(slot: number, asked: string): never {
    throw new CodisError({
      code: 'bad-answer',
      message: `${asked} does not show slot ${slot}.`,
      proxy: this.proxy.admin,
    });
  }
}
