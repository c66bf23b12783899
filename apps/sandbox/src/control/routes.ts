import { SandboxError } from '../errors';
import { describe } from '../topology';
import { changeCosts } from './costs';
import { type ControlHandler } from './handler';
import { changeLink } from './links';
import { changeDashboard, changeNode, changeProxy } from './processes';
import { slotData, stats } from './reads';

/** Every route of the control API. */
const ROUTES: readonly (readonly [method: string, path: string, run: ControlHandler])[] = [
  ['GET', '/topology', describe],
  ['GET', '/stats', stats],
  ['PUT', '/costs', changeCosts],
  ['POST', '/nodes/:name/:action', changeNode],
  ['GET', '/nodes/:name/slots/:slot/data', slotData],
  ['POST', '/links', changeLink],
  ['POST', '/proxies/:name/:action', changeProxy],
  ['POST', '/dashboard/:action', changeDashboard],
];

/** @throws SandboxError when there is no such path, or not with that method */
export function findRoute(
  method: string,
  path: string,
): { run: ControlHandler; parameters: Record<string, string> } {
  const fitting = ROUTES.flatMap(([routeMethod, pattern, run]) => {
    const parameters = match(pattern, path);
    return parameters ? [{ routeMethod, run, parameters }] : [];
  });
  const found = fitting.find(({ routeMethod }) => routeMethod === method);
  if (found) return found;
  const known = ROUTES.map(([routeMethod, pattern]) => `${routeMethod} ${pattern}`).join(', ');
  throw fitting.length > 0
    ? new SandboxError('SANDBOX_METHOD', `${path} does not take ${method}`, `The routes are: ${known}.`)
    : new SandboxError('SANDBOX_NOT_FOUND', `There is no ${path}`, `The routes are: ${known}.`);
}

function match(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.replace(/\/$/, '').split('/');
  if (wanted.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    if (part.startsWith(':')) parameters[part.slice(1)] = decodeURIComponent(value);
    else if (part !== value) return undefined;
  }
  return parameters;
}
