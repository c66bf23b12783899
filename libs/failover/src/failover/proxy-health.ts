import type { Router, RouterProxy } from '@slotferry/cluster';
import { CodisError } from '@slotferry/codis';
import { TimeLimitError, withTimeout } from '@slotferry/platform';
import { timing } from './timing';

/** `gone`: nobody listens. `hung`: it accepts connections, or nothing says what became of it, and does not answer. */
export type ProxyState = 'alive' | 'gone' | 'hung';

export interface ProxyHealth {
  readonly proxy: RouterProxy;
  readonly state: ProxyState;
  readonly message: string;
}

/** Asks the process of every proxy itself. The dashboard would stand still for up to 60 s with one that hangs. */
export function examineProxies(router: Router, proxies: readonly RouterProxy[]): Promise<ProxyHealth[]> {
  return Promise.all(proxies.map((proxy) => examine(router, proxy)));
}

async function examine(router: Router, proxy: RouterProxy): Promise<ProxyHealth> {
  try {
    await withTimeout(router.pingProxy(proxy), timing.proxyPing, `the proxy ${proxy.admin}`);
    return { proxy, state: 'alive', message: '' };
  } catch (error) {
    if (error instanceof TimeLimitError) return { proxy, state: 'hung', message: error.message };
    if (!(error instanceof CodisError)) throw error;
    const { code, message } = error;
    if (code === 'proxy-unreachable' || code === 'connection-lost') return { proxy, state: 'gone', message };
    if (code === 'proxy-hung') return { proxy, state: 'hung', message };
    throw error;
  }
}
