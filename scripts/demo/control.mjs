const CALL_LIMIT_MS = 10_000;

/** The sandbox's control API: faults, costs, and what nodes really hold. */
export class Control {
  #url;

  constructor({ control }) {
    this.#url = `http://${control}`;
  }

  /** Lets a process die, or start again: `crash` or `restart`. */
  node(name, action) {
    return this.#call('POST', `/nodes/${name}/${action}`);
  }

  /** Cuts or restores the link between two nodes: `cut` or `restore`. */
  link(from, to, action) {
    return this.#call('POST', '/links', { from, to, action });
  }

  /** How long things take: 'zero', or 'real' for what real servers take. */
  speed(speed) {
    return this.#call('PUT', '/costs', { speed });
  }

  /** What a node holds of a slot, also when its process is down: `digest` to compare copies, `keyNames`, whom it follows. */
  slot(name, slot) {
    return this.#call('GET', `/nodes/${name}/slots/${slot}/data`);
  }

  /** The same of many slots, in their order. */
  slots(name, slots) {
    return Promise.all(slots.map((slot) => this.slot(name, slot)));
  }

  async #call(method, path, body) {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(CALL_LIMIT_MS),
    });
    const answer = await response.text();
    if (!response.ok) throw new Error(`the sandbox refused ${method} ${path}: ${answer}`);
    return JSON.parse(answer);
  }
}
