import { setMaxListeners } from 'node:events';
import { Agent, request } from 'node:http';
import { causeOf, refuse } from '../protocol/codis-error';
import { goJson } from '../protocol/go-format';
import { splitAddress } from '../protocol/address';
import { type ProxyModel, type ProxyStats, type Slot } from '../protocol/models';
import { proxyXauth } from '../protocol/xauth';

export interface ProxyCallLimits {
  readonly connectMs: number;
  readonly totalMs: number;
}

/** The dashboard's connections to all proxies. */
export class ProxyCalls {
  private readonly agent = new Agent({ keepAlive: true });
  private readonly ended = new AbortController();

  constructor(private readonly limits: ProxyCallLimits) {
    // One for each call that is under way, and to a proxy that hangs there can be many.
    setMaxListeners(0, this.ended.signal);
  }

  /** Breaks every call that is under way. */
  close(): void {
    this.ended.abort();
    this.agent.destroy();
  }

  /**
   * @throws CodisError with the text that the Go client gives: `Get "URL": dial tcp ...`, or `[Remote Error] <cause>`
   */
  async call(method: 'GET' | 'PUT', address: string, path: string, body?: unknown): Promise<unknown> {
    const url = `http://${address}${path}`;
    const { status, text } = await this.send(method, url, body).catch((error: unknown) => {
      throw refuse(`${method === 'GET' ? 'Get' : 'Put'} "${url}": ${inGoWords(error, address)}`);
    });
    if (status === 200) return JSON.parse(text) as unknown;
    if (status === 800 || status === 1500)
      throw refuse(`[Remote Error] ${(JSON.parse(text) as { Cause: string }).Cause}`);
    throw refuse(`[${status} ${text}] ${url}`);
  }

  private send(method: string, url: string, body: unknown): Promise<{ status: number; text: string }> {
    const { connectMs, totalMs } = this.limits;
    const payload = body === undefined ? undefined : goJson(body);
    const headers =
      payload === undefined
        ? {}
        : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(payload) };
    return new Promise((resolve, reject) => {
      const sent = request(
        url,
        { method, headers, agent: this.agent, signal: this.ended.signal },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('close', () => clearTimeout(total));
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
          );
        },
      );
      const total = setTimeout(() => sent.destroy(new Error('context deadline exceeded')), totalMs);
      let connecting: NodeJS.Timeout | undefined;
      sent.on('socket', (socket) => {
        if (!socket.connecting) return;
        connecting = setTimeout(() => sent.destroy(new Error('i/o timeout')), connectMs);
        socket.once('connect', () => clearTimeout(connecting));
      });
      sent.on('error', (error) => {
        clearTimeout(total);
        clearTimeout(connecting);
        reject(error);
      });
      sent.end(payload);
    });
  }
}

/** The calls to one proxy. */
export class ProxyClient {
  private readonly xauth: string;

  constructor(
    private readonly calls: ProxyCalls,
    private readonly model: ProxyModel,
    product: string,
    productAuth: string,
  ) {
    this.xauth = proxyXauth(product, productAuth, model.token);
  }

  async xping(): Promise<void> {
    await this.calls.call('GET', this.model.admin_addr, `/api/proxy/xping/${this.xauth}`);
  }

  async stats(): Promise<ProxyStats> {
    return (await this.calls.call(
      'GET',
      this.model.admin_addr,
      `/api/proxy/stats/${this.xauth}`,
    )) as ProxyStats;
  }

  async fillSlots(slots: readonly Slot[]): Promise<void> {
    await this.put(`fillslots/${this.xauth}`, slots);
  }

  async start(): Promise<void> {
    await this.put(`start/${this.xauth}`);
  }

  async setSentinels(): Promise<void> {
    await this.put(`sentinels/${this.xauth}`, { out_of_sync: false });
  }

  async shutdown(): Promise<void> {
    await this.put(`shutdown/${this.xauth}`);
  }

  private async put(path: string, body?: unknown): Promise<void> {
    await this.calls.call('PUT', this.model.admin_addr, `/api/proxy/${path}`, body);
  }
}

/** The model of whatever answers at an admin address; it needs no xauth. */
export async function fetchModel(calls: ProxyCalls, address: string): Promise<ProxyModel> {
  return (await calls.call('GET', address, '/api/proxy/model')) as ProxyModel;
}

function inGoWords(error: unknown, address: string): string {
  const { code } = error as { code?: unknown };
  const { host, port } = splitAddress(address);
  if (code === 'ECONNREFUSED') return `dial tcp ${host}:${port}: connect: connection refused`;
  if (code === 'ECONNRESET') return 'EOF';
  return causeOf(error);
}
