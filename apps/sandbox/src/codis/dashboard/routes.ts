import { type AdminHandler, type AdminRequest, JsonText, Redirect, type Route } from '../http/routes';
import { checkLogLevel, guarded, parameter } from '../http/xauth-routes';
import { integerParameter } from '../protocol/go-format';
import { groupRoutes } from './group-routes';
import { overview } from './overview';
import { createProxy, onlineProxy, reinitProxy, removeProxy } from './proxies';
import { slotRoutes } from './slot-routes';
import { type Topom } from './topom';

/** Everything the dashboard answers. Sentinels are left out. */
export function dashboardRoutes(topom: Topom): Route[] {
  return [
    ...openRoutes(topom),
    ...processRoutes(topom),
    ...proxyRoutes(topom),
    ...groupRoutes(topom),
    ...slotRoutes(topom),
  ];
}

function openRoutes(topom: Topom): Route[] {
  const stats = (): Promise<JsonText> => topom.locked(() => topom.bodies.stats());
  const slots = (): Promise<JsonText> => topom.locked(() => topom.bodies.slots());
  const open = (path: string, handler: AdminHandler): Route => ({ method: 'GET', path, handler });
  return [
    open('/', () => new Redirect('/topom')),
    open('/topom', () => topom.locked(() => overview(topom))),
    open('/topom/model', () => topom.model),
    open('/api/topom/model', () => topom.model),
    open('/topom/stats', stats),
    open('/topom/slots', slots),
    guarded('GET', '/api/topom/stats/:xauth', topom.xauth, stats),
    guarded('GET', '/api/topom/slots/:xauth', topom.xauth, slots),
    guarded('GET', '/api/topom/xping/:xauth', topom.xauth, () => 'OK'),
  ];
}

function processRoutes(topom: Topom): Route[] {
  return [
    guarded('PUT', '/api/topom/reload/:xauth', topom.xauth, () => topom.locked(() => 'OK')),
    guarded('PUT', '/api/topom/shutdown/:xauth', topom.xauth, () => {
      topom.onShutdown();
      return 'OK';
    }),
    guarded('PUT', '/api/topom/loglevel/:xauth/:value', topom.xauth, (request) => {
      checkLogLevel(parameter(request, 'value'));
      return 'OK';
    }),
  ];
}

function proxyRoutes(topom: Topom): Route[] {
  const change = (path: string, work: (request: AdminRequest) => Promise<void>): Route =>
    guarded('PUT', `/api/topom/proxy/${path}`, topom.xauth, async (request) => {
      await work(request);
      return 'OK';
    });
  return [
    change('create/:xauth/:addr', (request) =>
      topom.locked(() => createProxy(topom, parameter(request, 'addr'))),
    ),
    change('online/:xauth/:addr', (request) =>
      topom.locked(() => onlineProxy(topom, parameter(request, 'addr'))),
    ),
    change('reinit/:xauth/:token', (request) =>
      topom.locked(() => reinitProxy(topom, topom.cluster.proxy(parameter(request, 'token')))),
    ),
    change('remove/:xauth/:token/:force', async (request) => {
      const force = integerParameter('force', parameter(request, 'force'));
      await topom.locked(() => removeProxy(topom, parameter(request, 'token'), force));
    }),
  ];
}
