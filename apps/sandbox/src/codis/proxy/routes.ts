import { type AdminHandler, JsonText, Redirect, type Route } from '../http/routes';
import { checkLogLevel, guarded, parameter } from '../http/xauth-routes';
import { refuseBare } from '../protocol/codis-error';
import { atoi, goJson } from '../protocol/go-format';
import { COMPILE, VERSION } from '../protocol/host-facts';
import { proxyConfiguration } from './proxy-config';
import { type ProxyRun } from './proxy-run';
import { proxyStats } from './proxy-stats';

const ALL_FLAGS = 7;

/**
 * Everything the proxy's admin port answers. All but its model waits for a fill that waits, the check of the key too. Sentinels are
 * accepted and not watched.
 */
export function proxyRoutes(proxy: ProxyRun): Route[] {
  return [...openRoutes(proxy), ...readRoutes(proxy), ...changeRoutes(proxy)];
}

function openRoutes(proxy: ProxyRun): Route[] {
  const open = (path: string, handler: AdminHandler): Route => ({ method: 'GET', path, handler });
  return [
    open('/', () => new Redirect('/proxy')),
    open('/proxy', () => proxy.mutex.run(() => overview(proxy))),
    open('/proxy/model', () => proxy.model),
    open('/api/proxy/model', () => proxy.model),
    open('/proxy/stats', () => proxy.mutex.run(() => proxyStats(proxy, ALL_FLAGS))),
    open('/proxy/slots', () => proxy.mutex.run(() => proxy.router.body())),
  ];
}

function readRoutes(proxy: ProxyRun): Route[] {
  const read = (path: string, handler: AdminHandler): Route =>
    inTurn(proxy, guarded('GET', `/api/proxy/${path}`, proxy.xauth, handler));
  return [
    read('xping/:xauth', () => 'OK'),
    read('slots/:xauth', () => proxy.router.body()),
    read('stats/:xauth', () => proxyStats(proxy, 0)),
    read('stats/:xauth/:flags', (request) => proxyStats(proxy, flagsOf(parameter(request, 'flags')))),
  ];
}

function changeRoutes(proxy: ProxyRun): Route[] {
  const change = (path: string, work: AdminHandler): Route =>
    inTurn(
      proxy,
      guarded('PUT', `/api/proxy/${path}`, proxy.xauth, async (request) => {
        await work(request);
        return 'OK';
      }),
    );
  return [
    change('start/:xauth', () => (proxy.isOnline = true)),
    change('fillslots/:xauth', ({ body }) => proxy.router.fill(body)),
    change('stats/reset/:xauth', () => proxy.ops.reset()),
    change('forcegc/:xauth', () => undefined),
    change('sentinels/:xauth', () => undefined),
    change('sentinels/:xauth/rewatch', () => undefined),
    change('shutdown/:xauth', () => proxy.onShutdown()),
    change('loglevel/:xauth/:value', (request) => checkLogLevel(parameter(request, 'value'))),
  ];
}

function inTurn({ mutex }: ProxyRun, route: Route): Route {
  return { ...route, handler: (request) => mutex.run(() => route.handler(request)) };
}

function flagsOf(text: string): number {
  const flags = atoi(text);
  if (flags === undefined) throw refuseBare(`strconv.Atoi: parsing "${text}": invalid syntax`);
  return flags;
}

/** `GET /proxy`: everything at once. */
function overview(proxy: ProxyRun): JsonText {
  const { model, config } = proxy;
  const head = {
    version: VERSION,
    compile: COMPILE,
    config: proxyConfiguration(config, model.admin_addr, model.proxy_addr),
    model,
    stats: proxyStats(proxy, ALL_FLAGS),
  };
  const slots = proxy.router.body().text.replaceAll('\n', '\n    ');
  return new JsonText(`${goJson(head).slice(0, -2)},\n    "slots": ${slots}\n}`);
}
