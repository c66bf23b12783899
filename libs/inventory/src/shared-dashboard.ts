import {
  type CanHold,
  MAX_SLOTS,
  type ProxyRoute,
  type RouterProxy,
  type RouterView,
  type SendGate,
  type SlotRef,
} from '@slotferry/cluster';
import {
  CodisDashboard,
  CodisError,
  type CodisErrorCode,
  type FilledSlot,
  type ProxyLook,
} from '@slotferry/codis';
import { Coalescer } from './coalescer';
import { JointChange, type SendTogether } from './joint-change';

/**
 * A dashboard whose looks are shared by all who ask at the same time: one fetch of the statistics at once, for routes and views, one of
 * the filled slots, and one of the routes of each proxy, which come for all slots together. Single slots that are held, released or
 * assigned at the same time are, too.
 */
export class SharedDashboard extends CodisDashboard {
  private readonly looks = new Coalescer<null, StatsLook>(async () => {
    const look = { text: await super.stats() };
    return () => look;
  });

  private readonly pings = new Coalescer<null, void>(async () => {
    await super.ping();
    return () => undefined;
  });

  private readonly abilities = new Coalescer<null, CanHold>(async () => {
    const answer = await super.canHold();
    return () => answer;
  });

  private readonly filled = new Coalescer<null, FilledSlot[]>(async () => {
    const slots = await super.filledSlots();
    return () => slots;
  });

  /** By the address and token of the proxy: one that was started anew is another one. */
  private readonly looksAtProxies = new Map<string, Coalescer<null, ProxyLook>>();

  /** By what is done, and everything about it but the slot. */
  private readonly changes = new Map<string, JointChange<number>>();

  override ping(): Promise<void> {
    return this.pings.load(null);
  }

  override canHold(): Promise<CanHold> {
    return this.abilities.load(null);
  }

  /** The same view for all who share a look, another one for every look. */
  override async view(maxAgeMs?: number): Promise<RouterView> {
    const look = await this.looks.load(null, maxAgeMs);
    return (look.view ??= this.read(look.text));
  }

  override filledSlots(): Promise<FilledSlot[]> {
    return this.filled.load(null);
  }

  override async proxyRoutes(
    proxy: RouterProxy,
    slots: readonly SlotRef[],
    maxAgeMs?: number,
  ): Promise<ProxyRoute[]> {
    if (!areFit(slots)) return super.proxyRoutes(proxy, slots);
    return (await this.looksAt(proxy).load(null, maxAgeMs)).routes(slots);
  }

  override hold(slots: readonly SlotRef[], gate?: SendGate, ownPromotion?: number): Promise<void> {
    const slot = onlySlot(slots);
    if (slot === null || ownPromotion !== undefined) return super.hold(slots, gate, ownPromotion);
    return this.joint('hold', (all, open) => super.hold(all.map(refOf), open)).change(slot, gate);
  }

  override release(
    slots: readonly SlotRef[],
    gate?: SendGate,
    known?: readonly RouterProxy[],
  ): Promise<void> {
    const slot = onlySlot(slots);
    if (slot === null) return super.release(slots, gate, known);
    const told = (known ?? []).map(({ admin, token }) => `${admin} ${token}`).join(' ');
    const send: SendTogether<number> = (all, open) => super.release(all.map(refOf), open, known);
    return this.joint(`release ${told}`, send).change(slot, gate);
  }

  override assign(slots: readonly SlotRef[], group: number, gate?: SendGate): Promise<void> {
    const slot = onlySlot(slots);
    if (slot === null) return super.assign(slots, group, gate);
    const send: SendTogether<number> = (all, open) => super.assign(all.map(refOf), group, open);
    return this.joint(`assign ${group}`, send).change(slot, gate);
  }

  protected override async stats(maxAgeMs?: number): Promise<string> {
    return (await this.looks.load(null, maxAgeMs)).text;
  }

  private joint(what: string, send: SendTogether<number>): JointChange<number> {
    const known = this.changes.get(what);
    if (known) return known;
    const change = new JointChange(send, { isRefusal, brokenOff });
    this.changes.set(what, change);
    return change;
  }

  private looksAt(proxy: RouterProxy): Coalescer<null, ProxyLook> {
    const id = `${proxy.admin} ${proxy.token}`;
    const known = this.looksAtProxies.get(id);
    if (known) return known;
    const looks = new Coalescer<null, ProxyLook>(async () => {
      const look = await super.lookAtProxy(proxy);
      return () => look;
    });
    this.looksAtProxies.set(id, looks);
    return looks;
  }
}

/** One fetch of the statistics. */
interface StatsLook {
  readonly text: string;
  /** Made when somebody asks for it. */
  view?: RouterView;
}

function areFit(slots: readonly SlotRef[]): boolean {
  const ids = slots.map(({ slot }) => slot);
  const known = slots.every(({ table, slot }) => table === 0 && isSlot(slot));
  return known && ids.length > 0 && new Set(ids).size === ids.length;
}

function isSlot(slot: number): boolean {
  return Number.isInteger(slot) && slot >= 0 && slot < MAX_SLOTS;
}

/** The slot, where it is one alone and of the only table; what is not fit goes its own way and fails alone. */
function onlySlot(slots: readonly SlotRef[]): number | null {
  const [first] = slots;
  return first && slots.length === 1 && areFit(slots) ? first.slot : null;
}

function refOf(slot: number): SlotRef {
  return { table: 0, slot };
}

const refusals: readonly CodisErrorCode[] = ['refused', 'slot-in-handover', 'slot-not-found'];

/** The dashboard has said no to a list of slots, or one of them was found unfit: which of them is not always told. */
function isRefusal(error: unknown): boolean {
  return error instanceof CodisError && !error.outcomeUnknown && refusals.includes(error.code);
}

function brokenOff(): CodisError {
  return new CodisError({
    code: 'proxy-failed',
    message:
      'Not every proxy was told: another move that took part lost the right to act after the first was.',
    outcomeUnknown: true,
  });
}
