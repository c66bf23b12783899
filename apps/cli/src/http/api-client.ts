import { type Settings } from '../settings';
import { problemIn } from './api-problem';
import { Unreachable } from './unreachable';

/** Longer than the API takes for anything it answers, in milliseconds. */
const LIMIT_MS = 30_000;

export interface RequestOptions {
  readonly body?: object;
  readonly idempotencyKey?: string;
}

/** Talks to the API. Throws ApiProblem for what it refuses and Unreachable when it does not answer. */
export class ApiClient {
  constructor(private readonly settings: Settings) {}

  get<T>(path: string): Promise<T> {
    return this.request<T>('GET', path, {});
  }

  put<T>(path: string, body: object): Promise<T> {
    return this.request<T>('PUT', path, { body });
  }

  post<T>(path: string, options: RequestOptions = {}): Promise<T> {
    return this.request<T>('POST', path, options);
  }

  /** An answer that comes bit by bit; null when there is nothing more to come. The signal ends it. */
  async stream(
    path: string,
    lastEventId: number,
    signal: AbortSignal,
  ): Promise<AsyncIterable<Uint8Array> | null> {
    const response = await fetch(this.settings.url + path, {
      headers: { ...this.headers, accept: 'text/event-stream', 'last-event-id': String(lastEventId) },
      signal,
    });
    if (response.status === 204) return null;
    if (!response.ok || !response.body)
      throw problemIn(response.status, this.settings.url, await response.text());
    return response.body;
  }

  private async request<T>(
    method: string,
    path: string,
    { body, idempotencyKey }: RequestOptions,
  ): Promise<T> {
    const { url } = this.settings;
    const headers: Record<string, string> = { ...this.headers };
    if (body) headers['content-type'] = 'application/json';
    if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey;
    const init = {
      method,
      headers,
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(LIMIT_MS),
    };
    const { response, text } = await this.answer(url + path, init);
    if (!response.ok) throw problemIn(response.status, url, text);
    try {
      return JSON.parse(text) as T;
    } catch {
      throw problemIn(response.status, url, text);
    }
  }

  private async answer(url: string, init: RequestInit): Promise<{ response: Response; text: string }> {
    try {
      const response = await fetch(url, init);
      return { response, text: await response.text() };
    } catch (error) {
      throw new Unreachable(this.settings.url, error);
    }
  }

  private get headers(): Record<string, string> {
    return { authorization: `Bearer ${this.settings.key}`, accept: 'application/json' };
  }
}
