import { readFileSync } from 'node:fs';
import { TextDecoderStream } from 'node:stream/web';

import { ScriptError } from '../processes.mjs';

const CALL_LIMIT_MS = 20_000;

/** The HTTP API, called with the admin's key. */
export class Api {
  #headers;

  constructor(url, keyFile) {
    this.url = url;
    this.#headers = { authorization: `Bearer ${readFileSync(keyFile, 'utf8').trim()}` };
  }

  get(path) {
    return this.#call('GET', path);
  }

  put(path, body) {
    return this.#call('PUT', path, body);
  }

  post(path, body = {}) {
    return this.#call('POST', path, body);
  }

  /** The events of a workflow as they come; ends after the last one, or throws when the limit is over. */
  async *events(id, limitMs) {
    const response = await fetch(`${this.url}/workflows/${id}/events/stream`, {
      headers: this.#headers,
      signal: AbortSignal.timeout(limitMs),
    });
    if (response.status !== 200)
      throw new ScriptError(`The events of ${id} cannot be read: HTTP ${response.status}.`, 'Run it again.');
    let rest = '';
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      const parts = (rest + chunk).split('\n\n');
      rest = parts.pop();
      for (const part of parts) {
        const data = /^data: ?(.*)$/m.exec(part)?.[1];
        if (data) yield JSON.parse(data);
      }
    }
  }

  async #call(method, path, body) {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { ...this.#headers, ...(body && { 'content-type': 'application/json' }) },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(CALL_LIMIT_MS),
    });
    const answer = await response.json();
    if (response.ok) return answer;
    throw new ScriptError(
      `${method} ${path}: ${answer.message ?? response.status}`,
      answer.remedy ?? 'Run it again.',
    );
  }
}
