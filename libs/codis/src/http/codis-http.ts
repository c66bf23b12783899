import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

import { type SendGate } from '@slotferry/cluster';

import { withoutKeys } from '../refusal';
import { accept, type Asked, requireOk } from './accept';
import { type Answer, exchange, type Question } from './exchange';
import { ExchangeError } from './exchange-error';
import { explain, type Party } from './explain';

/** Time limits in milliseconds. */
export interface CodisLimits {
  readonly connectTimeoutMs: number;
  readonly readTimeoutMs: number;
  /** Keep it above 60 s: that is how long a dashboard waits for a hung proxy. */
  readonly changeTimeoutMs: number;
}

export interface Change {
  /** JSON text. */
  readonly body?: string;
  readonly gate?: SendGate;
}

const MOST_CONNECTIONS = 32;

/** Codis over HTTP: methods, statuses and error bodies are the same for dashboard and proxy. Throws CodisError. */
export class CodisHttp {
  private readonly agent: HttpAgent;

  constructor(
    private readonly base: URL,
    private readonly party: Party,
    private readonly limits: CodisLimits,
  ) {
    const options = { keepAlive: true, maxSockets: MOST_CONNECTIONS };
    this.agent = base.protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(options);
  }

  /** The text of a JSON document. An idle connection that turns out to be closed is replaced once. */
  async read(path: string): Promise<string> {
    const ask = (): Promise<Answer> => this.ask({ method: 'GET', path, limitMs: this.limits.readTimeoutMs });
    const asked = this.asked('GET', path);
    try {
      return accept(await ask().catch((error: unknown) => repeatIfStale(error, ask)), asked);
    } catch (error) {
      throw this.explain(error, asked, this.limits.readTimeoutMs);
    }
  }

  /** Carries out a change. Never repeated: the error says whether it may have happened. */
  async change(path: string, change: Change = {}): Promise<void> {
    const asked = this.asked('PUT', path);
    const limitMs = this.limits.changeTimeoutMs;
    try {
      requireOk(accept(await this.ask({ method: 'PUT', path, limitMs, ...change }), asked), asked);
    } catch (error) {
      throw this.explain(error, asked, limitMs);
    }
  }

  /** Closes all connections; what is under way fails. */
  close(): void {
    this.agent.destroy();
  }

  private ask(
    question: Pick<Question, 'method'> & Change & { path: string; limitMs: number },
  ): Promise<Answer> {
    const { path, limitMs, ...rest } = question;
    return exchange({
      ...rest,
      url: new URL(`${this.base.href.replace(/\/$/, '')}${path}`),
      agent: this.agent,
      connectTimeoutMs: this.limits.connectTimeoutMs,
      answerTimeoutMs: limitMs,
    });
  }

  private asked(method: Asked['method'], path: string): Asked {
    return { method, text: `${method} ${withoutKeys(path)} at ${this.base.host}` };
  }

  private explain(error: unknown, asked: Asked, answerTimeoutMs: number): unknown {
    const { connectTimeoutMs } = this.limits;
    return explain(error, asked, this.party, { connectTimeoutMs, answerTimeoutMs });
  }
}

async function repeatIfStale(error: unknown, ask: () => Promise<Answer>): Promise<Answer> {
  if (error instanceof ExchangeError && error.reused && error.reason === 'lost') return ask();
  throw error;
}
