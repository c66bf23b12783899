/** What a handler gets: path parameters, percent-decoded, and the body as text. */
export interface AdminRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a handler gives back when it has the JSON text at hand. */
export class JsonText {
  constructor(readonly text: string) {}
}

export class Redirect {
  constructor(readonly location: string) {}
}

/** A value to serialise, a ready text, or a redirect; it may come later. */
export type AdminHandler = (request: AdminRequest) => unknown;

export interface Route {
  readonly method: 'GET' | 'PUT';
  /** For example `/api/topom/group/create/:xauth/:gid`. */
  readonly path: string;
  readonly handler: AdminHandler;
}

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** Finds the route of a request. A parameter matches one segment; one slash at the end is accepted. */
export class RouteTable {
  private readonly fixed = new Map<string, Route>();
  private readonly patterns: { readonly route: Route; readonly regex: RegExp; readonly names: string[] }[] =
    [];

  constructor(routes: readonly Route[]) {
    for (const route of routes) {
      if (!route.path.includes(':')) this.fixed.set(`${route.method} ${route.path}`, route);
      const names = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '');
      const source = route.path.replace(/:\w+/g, '([^/#?]+)');
      this.patterns.push({ route, regex: new RegExp(`^${source}/?$`), names });
    }
  }

  /** @param path percent-decoded; HEAD is answered by the GET route */
  find(method: string, path: string): Match | undefined {
    const wanted = method === 'HEAD' ? 'GET' : method;
    const fixed = this.fixed.get(`${wanted} ${path}`);
    if (fixed) return { route: fixed, params: {} };
    for (const { route, regex, names } of this.patterns) {
      const found = route.method === wanted ? regex.exec(path) : null;
      if (found) {
        return {
          route,
          params: Object.fromEntries(names.map((name, index) => [name, found[index + 1] ?? ''])),
        };
      }
    }
    return undefined;
  }
}
