import { type Server, createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { MAX_SLOTS, type Slot } from '../../../apps/sandbox/src/codis/protocol/models';

export interface FakeCall {
  /** Milliseconds on a monotonic clock. */
  readonly at: number;
  readonly method: string;
  /** For example `fillslots`. */
  readonly verb: string;
  readonly body: unknown;
}

/** Records what a dashboard asks of a proxy, and fails the calls that it is told to fail. */
export class FakeProxy {
  readonly calls: FakeCall[] = [];
  readonly token = 'f'.repeat(32);
  fails: (call: FakeCall) => boolean = () => false;
  address = '';
  private readonly server: Server;

  private constructor(private readonly product: string) {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const verb = request.url?.split('/')[3] ?? '';
        const body: unknown = text === '' ? undefined : JSON.parse(text);
        const call = { at: performance.now(), method: request.method ?? '', verb, body };
        this.calls.push(call);
        const failed = this.fails(call);
        response.writeHead(failed ? 800 : 200, { 'Content-Type': 'application/json; charset=utf-8' });
        response.end(JSON.stringify(failed ? { Cause: 'told to fail', Stack: null } : this.answer(verb)));
      });
    });
  }

  static async start(product: string): Promise<FakeProxy> {
    const proxy = new FakeProxy(product);
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    proxy.address = `127.0.0.1:${(proxy.server.address() as AddressInfo).port}`;
    return proxy;
  }

  /** The slots of each fill of single slots, without the fills of everything. */
  get fills(): Slot[][] {
    return this.calls
      .filter(({ verb }) => verb === 'fillslots')
      .map(({ body }) => body as Slot[])
      .filter((slots) => slots.length < MAX_SLOTS);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private answer(verb: string): unknown {
    if (verb === 'model') {
      return {
        token: this.token,
        start_time: 'x',
        admin_addr: this.address,
        proto_type: 'tcp4',
        proxy_addr: '127.0.0.1:19003',
        product_name: this.product,
        pid: 1,
        pwd: '/',
        sys: 'fake',
        hostname: 'fake',
        datacenter: '',
      };
    }
    if (verb !== 'stats') return 'OK';
    return {
      online: true,
      closed: false,
      sentinels: {},
      ops: { total: 0, fails: 0, redis: { errors: 0 }, qps: 0 },
      sessions: { total: 0, alive: 0 },
      rusage: { now: '', cpu: 0, mem: 0 },
      backend: { primary_only: false },
    };
  }
}

/** A fill that lets its only slot go again while it still has two backends. */
export function isUnlockOfMigration({ verb, body }: FakeCall): boolean {
  const [slot] = verb === 'fillslots' ? (body as Slot[]) : [];
  return slot?.migrate_from !== undefined && slot.locked === undefined;
}

/** A fill of the last step: one backend, no source. */
export function isLastFill({ verb, body }: FakeCall): boolean {
  const slots = verb === 'fillslots' ? (body as Slot[]) : [];
  return slots.length === 1 && slots[0]?.migrate_from === undefined;
}
