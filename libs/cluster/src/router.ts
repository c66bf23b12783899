/**
 * The port to whatever routes clients to groups: a Codis dashboard, its extended form with tables, or twemproxy.
 * Workflows see this interface only.
 */

/** One slot of one table. Table 0 is the only one of an original Codis. */
export interface SlotRef {
  readonly table: number;
  readonly slot: number;
}

/**
 * Where a handover by the router's own action stands.
 * - `queued`: stored, clients notice nothing, it can be withdrawn (Codis `pending`).
 * - `locking`: the proxies are being told; some may hold requests already (Codis `preparing`, `prepared`).
 * - `holding`: every proxy holds the slot's requests (Codis `migrating`). The only state in which lag 0 at the source is final.
 * - `finishing`: the router saw the target detached and sends clients to it (Codis `finished`).
 */
export type HandoverState = 'queued' | 'locking' | 'holding' | 'finishing';

/** What the router has stored about one slot. */
export interface SlotRoute extends SlotRef {
  /** Owning group, or null when the slot is offline. */
  readonly group: number | null;
  readonly handover: { readonly state: HandoverState; readonly target: number } | null;
}

export interface RouterGroup {
  readonly id: number;
  /** Addresses `host:port`. The first one is the master. */
  readonly servers: readonly string[];
  readonly promoting: boolean;
  readonly outOfSync: boolean;
}

/** A proxy process as the router knows it, with the router's last look at it. */
export interface RouterProxy {
  readonly token: string;
  /** Admin address `host:port`. */
  readonly admin: string;
  /** Client address `host:port`. */
  readonly address: string;
  /** Why the router's last look at it failed, or null. */
  readonly problem: string | null;
}

/** One coherent answer of the router. */
export interface RouterView {
  readonly product: string;
  /** Ordered by table, then slot. */
  readonly routes: readonly SlotRoute[];
  readonly groups: readonly RouterGroup[];
  readonly proxies: readonly RouterProxy[];
  readonly handovers: {
    /** True when the router starts no new handover. */
    readonly disabled: boolean;
    /** Pause between two looks at the source, in microseconds. */
    readonly intervalMicros: number;
    /** Looks at sources under way in this moment. A promotion is refused unless 0. */
    readonly executing: number;
    /** The router's last word about handovers, empty when it has none. */
    readonly status: string;
  };
}

/** What one proxy does with one slot in this moment, read from the proxy itself. */
export interface ProxyRoute extends SlotRef {
  /** Address of the master requests go to, or null when the slot is offline. */
  readonly backend: string | null;
  /** Address of the source while a handover by action holds requests, else null. */
  readonly migrateFrom: string | null;
  /** True when requests wait inside the proxy. */
  readonly locked: boolean;
}

/** Whether slots can be held at the proxies, or the reason why not, for people. */
export type CanHold = { readonly able: true } | { readonly able: false; readonly why: string };

/**
 * Called synchronously right before the bytes of a change leave this process. Throws when the caller has lost the right to
 * act, and the change is then not sent.
 */
export type SendGate = () => void;

/** Every method throws a RouterError; every call has a time limit. */
export interface Router {
  readonly kind: 'codis' | 'codis-tables' | 'twemproxy';
  /** Address for people: where the router's API is. */
  readonly address: string;

  /** The router answers, and it is the configured product. */
  ping(): Promise<void>;
  /** @param maxAgeMs a look that others began no longer ago is good enough; left out, it begins now */
  view(maxAgeMs?: number): Promise<RouterView>;
  /** As cheap as the router allows: for hot loops. `maxAgeMs` as for a view. */
  route(slot: SlotRef, maxAgeMs?: number): Promise<SlotRoute>;
  /** Several at the cost of one look, in the order of `slots`. */
  routes(slots: readonly SlotRef[]): Promise<SlotRoute[]>;
  /** A proxy's own routes, in the order of `slots`. `maxAgeMs` as for a view. */
  proxyRoutes(proxy: RouterProxy, slots: readonly SlotRef[], maxAgeMs?: number): Promise<ProxyRoute[]>;

  /** Asks the router to hand the slot over when it is its turn. */
  queueHandover(slot: SlotRef, targetGroup: number, gate?: SendGate): Promise<void>;
  /** Takes back a handover that is still `queued`. */
  withdrawHandover(slot: SlotRef, gate?: SendGate): Promise<void>;
  /** Stores the owner of slots and sends them to all proxies at once. Overwrites a handover under way; releases holds. Moves no data. */
  assign(slots: readonly SlotRef[], group: number, gate?: SendGate): Promise<void>;
  /** Sends the group's stored routes to all proxies again. */
  resyncGroup(group: number, gate?: SendGate): Promise<void>;

  /** Whether every proxy can be told to hold requests in this moment. Throws only when the router itself cannot be asked. */
  canHold(): Promise<CanHold>;
  /**
   * Makes every proxy keep requests of these slots waiting: no error and no time limit for clients. Resolves when every proxy has
   * answered, and then no request for them is in flight any more. The router knows nothing of it: whatever it sends to the proxies
   * about a slot afterwards (`assign`, `resyncGroup`, a handover, a proxy that comes back) ends the hold of that slot.
   * Refuses a slot that is offline, or of which a handover or a promotion is stored. When a proxy fails (`outcomeUnknown`) others
   * hold, and it may begin to hold later: release then.
   * @param gate is called once for each proxy
   * @param ownPromotion a group of which the caller has begun a promotion that did not come to its end: it is no reason to refuse,
   * as long as the router does not hold the slots itself
   */
  hold(slots: readonly SlotRef[], gate?: SendGate, ownPromotion?: number): Promise<void>;
  /**
   * Sends the router's present routes of the slots to every proxy, which ends a hold, whoever began it. Tries all proxies, then
   * throws if some failed. Slots that the router itself hands over or promotes are left to it.
   * @param gate is called once for each proxy
   * @param known the proxies that hold; when the router does not answer at once, they go on as each was told before its hold
   */
  release(slots: readonly SlotRef[], gate?: SendGate, known?: readonly RouterProxy[]): Promise<void>;

  createGroup(group: number, gate?: SendGate): Promise<void>;
  addServer(group: number, server: string, gate?: SendGate): Promise<void>;
  addProxy(admin: string, gate?: SendGate): Promise<void>;
  /**
   * Takes a proxy out of the router's records, whatever becomes of its process; one that lives is told to end. For a proxy that hangs
   * the router itself may stand still until its own limit, 60 s in Codis.
   */
  removeProxy(proxy: Pick<RouterProxy, 'token'>, gate?: SendGate): Promise<void>;
  /** The process of a proxy answers, also while it waits for requests in flight. Throws when it is down or hangs. */
  pingProxy(proxy: RouterProxy): Promise<void>;
  /**
   * Tells one proxy directly to send to `to` what it now sends to `from`, and to let go of what it holds of it. Slots in a handover are left
   * alone. The router knows nothing of it: its next word about a slot counts. For clients that must not wait until the router can act.
   */
  redirect(
    proxy: RouterProxy,
    slots: readonly SlotRef[],
    masters: { readonly from: string; readonly to: string },
    gate?: SendGate,
  ): Promise<void>;
  /** Makes a server of the group its master for the router; says nothing to the servers that can be relied on. */
  promote(group: number, server: string, gate?: SendGate): Promise<void>;
  setHandoversDisabled(disabled: boolean, gate?: SendGate): Promise<void>;

  /** Frees connections. */
  close(): Promise<void>;
}
