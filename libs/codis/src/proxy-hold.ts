import {
  type CanHold,
  type RouterProxy,
  type RouterView,
  type SendGate,
  type SlotRef,
} from '@slotferry/cluster';
import { TimeLimitError, withTimeout } from '@slotferry/platform';

import { type FilledSlot } from './answers/filled-slot';
import { requireSlots } from './arguments';
import { CodisError, type CodisErrorCode } from './codis.errors';
import { type CodisProxyAdmin } from './codis-proxy-admin';
import { requireHoldable } from './require-holdable';

/** Clients wait: a dashboard that hangs is not waited for any longer, in milliseconds, when the proxies are known. */
const LOOK_LIMIT_MS = 250;

/** What holding needs of the dashboard whose proxies are to hold. */
export interface HoldingDashboard {
  view(): Promise<RouterView>;
  /** The slots as the dashboard would send them to the proxies now. */
  filledSlots(): Promise<FilledSlot[]>;
  proxyAdmin(proxy: RouterProxy): CodisProxyAdmin;
}

/** Holds requests inside the proxies, by their own API. */
export class ProxyHold {
  /** For the case that the dashboard dies while proxies hold. */
  private lastProxies: readonly RouterProxy[] = [];

  constructor(private readonly dashboard: HoldingDashboard) {}

  async canHold(): Promise<CanHold> {
    const { proxies } = await this.look();
    if (proxies.length === 0) return { able: false, why: 'the dashboard has no proxy' };
    const failures = await failuresOf(proxies.map((proxy) => this.ping(proxy)));
    if (failures.length === 0) return { able: true };
    return { able: false, why: failures.map(({ message }) => message).join('; ') };
  }

  async hold(slots: readonly SlotRef[], gate?: SendGate, ownPromotion?: number): Promise<void> {
    const ids = requireSlots(slots);
    // Whoever is dead or hangs is found here, while no client waits yet; and connections stand when the bytes leave.
    const pings = new Map(this.lastProxies.map((proxy) => [idOf(proxy), this.ping(proxy)]));
    for (const ping of pings.values()) ping.catch(() => undefined); // Of those that are proxies no more nobody asks.
    const [view, filled] = await Promise.all([this.look(), this.dashboard.filledSlots()]);
    const entries = requireHoldable(ids, view, filled, ownPromotion).map((entry) => ({
      ...entry,
      locked: true,
    }));
    throwFirst(await failuresOf(view.proxies.map((proxy) => pings.get(idOf(proxy)) ?? this.ping(proxy))));
    throwFirst(await this.fill(view.proxies, async () => entries, gate));
  }

  /** `known`: the proxies to tell when the dashboard is away and was never asked. */
  async release(
    slots: readonly SlotRef[],
    gate?: SendGate,
    known: readonly RouterProxy[] = [],
  ): Promise<void> {
    requireSlots(slots);
    const source = await this.presentEntries(slots, known);
    throwFirst(await this.fill(source.proxies, source.entries, gate));
  }

  /** What each proxy is to be told: what the dashboard has stored or, when it is gone, what the proxy has, unlocked. */
  private async presentEntries(
    slots: readonly SlotRef[],
    known: readonly RouterProxy[],
  ): Promise<EntrySource> {
    const ids = new Set(slots.map(({ slot }) => slot));
    const looked = Promise.all([this.look(), this.dashboard.filledSlots()]);
    try {
      const [{ proxies }, filled] =
        known.length === 0 ? await looked : await withTimeout(looked, LOOK_LIMIT_MS, 'the dashboard');
      const entries = filled.filter((entry) => ids.has(entry.id) && !isHandled(entry) && !entry.locked);
      return { proxies, entries: async () => entries };
    } catch (error) {
      const proxies = this.lastProxies.length === 0 ? known : this.lastProxies;
      if (!isGone(error) || proxies.length === 0) throw error;
      return { proxies, entries: (admin) => ownEntries(admin, slots) };
    }
  }

  private fill(
    proxies: readonly RouterProxy[],
    entriesFor: EntrySource['entries'],
    gate: SendGate | undefined,
  ): Promise<CodisError[]> {
    const filled = proxies.map(async (proxy) => {
      const admin = this.dashboard.proxyAdmin(proxy);
      const entries = await entriesFor(admin);
      if (entries.length === 0) return;
      await admin.fillSlots(entries, gate).catch((error: unknown) => {
        throw error instanceof CodisError ? unfilled(error, proxy) : error;
      });
    });
    return failuresOf(filled);
  }

  private ping(proxy: RouterProxy): Promise<void> {
    return this.dashboard.proxyAdmin(proxy).ping();
  }

  private async look(): Promise<RouterView> {
    const view = await this.dashboard.view();
    this.lastProxies = view.proxies;
    return view;
  }
}

/** Waits for all and gives back what failed. What a gate threw is thrown on, after the last answer. */
async function failuresOf(asked: readonly Promise<void>[]): Promise<CodisError[]> {
  const failures: CodisError[] = [];
  for (const result of await Promise.allSettled(asked)) {
    if (result.status === 'fulfilled') continue;
    if (!(result.reason instanceof CodisError)) throw result.reason;
    failures.push(result.reason);
  }
  return failures;
}

function idOf({ admin, token }: RouterProxy): string {
  return `${admin} ${token}`;
}

interface EntrySource {
  readonly proxies: readonly RouterProxy[];
  readonly entries: (admin: CodisProxyAdmin) => Promise<readonly FilledSlot[]>;
}

async function ownEntries(admin: CodisProxyAdmin, slots: readonly SlotRef[]): Promise<FilledSlot[]> {
  const entries = await admin.filledSlots(slots);
  return entries.filter((entry) => !isHandled(entry)).map((entry) => ({ ...entry, locked: false }));
}

/** A handover of the dashboard's own is under way: its fills have ended any other hold. */
function isHandled(entry: FilledSlot): boolean {
  return Boolean(entry['migrate_from']);
}

function isGone(error: unknown): boolean {
  if (error instanceof TimeLimitError) return true;
  const codes: readonly CodisErrorCode[] = ['unreachable', 'timed-out', 'connection-lost', 'not-online'];
  return error instanceof CodisError && codes.includes(error.code);
}

const NAMED: readonly CodisErrorCode[] = ['proxy-hung', 'proxy-unreachable'];

/** Others may have carried it out already, so that nobody knows what holds until he looks. */
function unfilled(error: CodisError, { admin }: RouterProxy): CodisError {
  return new CodisError({
    code: NAMED.includes(error.code) ? error.code : 'proxy-failed',
    message: error.message,
    ...(error.said === null ? {} : { said: error.said }),
    outcomeUnknown: true,
    proxy: admin,
    cause: error,
  });
}

/** One error that tells all that failed. */
function throwFirst(failures: readonly CodisError[]): void {
  const [first, ...others] = failures;
  if (first === undefined) return;
  if (others.length === 0) throw first;
  throw new CodisError({
    code: first.code,
    message: failures.map(({ message }) => message).join('; '),
    ...(first.said === null ? {} : { said: first.said }),
    outcomeUnknown: failures.some(({ outcomeUnknown }) => outcomeUnknown),
    ...(first.proxy === null ? {} : { proxy: first.proxy }),
    cause: new AggregateError(failures),
  });
}
