import { refuseBare } from '../protocol/codis-error';
import { type AdminHandler, type AdminRequest, type Route } from './routes';

/** A route whose path holds `:xauth`: that is checked before anything else. */
export function guarded(method: Route['method'], path: string, xauth: string, handler: AdminHandler): Route {
  return {
    method,
    path,
    handler: (request) => {
      if (request.params['xauth'] !== xauth)
        throw refuseBare('invalid xauth, please check product name & auth');
      return handler(request);
    },
  };
}

/** A parameter that the route's path holds. */
export function parameter(request: AdminRequest, name: string): string {
  return request.params[name] ?? '';
}

const LEVELS = new Set(['ERROR', 'WARN', 'WARNING', 'INFO', 'DEBUG', 'NONE']);

/** The log level is accepted and changes nothing: the sandbox writes no log. */
export function checkLogLevel(value: string): void {
  if (!LEVELS.has(value.toUpperCase())) throw refuseBare('invalid loglevel');
}
