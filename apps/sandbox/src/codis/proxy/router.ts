import { JsonText } from '../http/routes';
import { type Gate } from '../protocol/gate';
import { goJson } from '../protocol/go-format';
import { decodeList, present } from '../protocol/lenient-json';
import { MAX_SLOTS } from '../protocol/models';
import { Mutex } from '../protocol/mutex';
import { type Backend } from './backend';
import { BackendPool, type PoolOptions } from './backend-pool';
import { forward } from './forward';
import { keySlot } from './key-slot';
import { ProxySlot } from './proxy-slot';
import { type Done, type ProxyRequest } from './request';
import { readFill } from './slot-fill';

/** The slots of a proxy and the servers behind them. */
export class Router {
  readonly slots: readonly ProxySlot[];
  private readonly pool: BackendPool;
  /** Held while one slot is filled. Requests do not need it. */
  private readonly mutex = new Mutex();
  private text: JsonText | undefined;

  constructor(
    backends: PoolOptions,
    private readonly gate: Gate,
  ) {
    this.pool = new BackendPool(backends);
    this.slots = Array.from({ length: MAX_SLOTS }, (_, id) => new ProxySlot(id, this.pool));
  }

  /** By the slot of the request's key. See `forward` for what comes back. */
  dispatch(request: ProxyRequest, done: Done): Promise<void> | undefined {
    return this.dispatchSlot(keySlot(request.key), request, done);
  }

  dispatchSlot(id: number, request: ProxyRequest, done: Done): Promise<void> | undefined {
    const slot = this.slots[id];
    return slot && forward(slot, request, this.gate, done);
  }

  /** The connection to a server that some slot refers to, if it stands. */
  connected(address: string, database: number): Backend | undefined {
    const backend = this.pool.find(address)?.database(database);
    return backend?.isConnected ? backend : undefined;
  }

  /** Looks at the slots or the servers behind them: at once, or when the fill of this moment is through. */
  look<T>(work: () => T): T | Promise<T> {
    return this.mutex.isHeld ? this.mutex.run(work) : work();
  }

  /**
   * Applies fills one by one, each when nothing is under way on its slot any more.
   * @throws CodisError at the first wrong one; those before it stay applied
   */
  async fill(body: string): Promise<void> {
    for (const item of decodeList(body)) {
      const wanted = readFill(present(item));
      await this.mutex.run(() => this.slots[wanted.id]?.fill(wanted));
      this.text = undefined;
    }
  }

  /** `/proxy/slots`, kept until the next fill. */
  body(): JsonText {
    this.text ??= new JsonText(goJson(this.slots.map((slot) => slot.toBody())));
    return this.text;
  }

  /** Left out while a fill waits. */
  keepAlive(): void {
    if (!this.mutex.isHeld) this.pool.keepAlive();
  }

  close(): void {
    this.pool.close();
  }
}
