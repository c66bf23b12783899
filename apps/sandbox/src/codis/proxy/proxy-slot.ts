import { type Slot } from '../protocol/models';
import { type Backend } from './backend';
import { type BackendPool, type BackendServer } from './backend-pool';
import { type Done, type ProxyRequest } from './request';
import { type SlotFill } from './slot-fill';

/** What the proxy knows about one slot, and who works on it in this moment. */
export class ProxySlot {
  backend: BackendServer | undefined;
  migrateFrom: BackendServer | undefined;
  method = 0;
  private backendGroup = 0;
  private migrateFromGroup = 0;
  private replicaGroups: BackendServer[][] = [];
  /** Held from the beginning of a fill until a fill that does not lock. */
  private isHeld = false;
  private inFlight = 0;
  private readonly held: (() => void)[] = [];
  private readonly draining: (() => void)[] = [];

  constructor(
    readonly id: number,
    private readonly pool: BackendPool,
  ) {}

  get locked(): boolean {
    return this.isHeld;
  }

  /** Resolves when the slot is not held; there is no limit. */
  async unlocked(): Promise<void> {
    while (this.isHeld) await new Promise<void>((resolve) => this.held.push(resolve));
  }

  /** Sends to a backend; a fill waits for the reply. */
  send(backend: Backend, request: Buffer, done: Done): void {
    this.inFlight += 1;
    backend.send(request, (outcome) => {
      done(outcome);
      this.leave();
    });
  }

  /** Makes a fill wait until the returned function is called. */
  enter(): () => void {
    this.inFlight += 1;
    return () => this.leave();
  }

  /** Where a request goes: to a replica when it may and one is connected, else to the backend. */
  target(backend: BackendServer, request: ProxyRequest): Backend {
    if (request.operation.isRead && !this.migrateFrom) {
      for (const group of this.replicaGroups) {
        const connected = this.connectedMember(group, request.database);
        if (connected) return connected;
      }
    }
    return backend.database(request.database);
  }

  /** Holds new requests, waits for those under way, changes the backends, and lets go unless the fill locks. */
  async fill(wanted: SlotFill): Promise<void> {
    this.isHeld = true;
    if (this.inFlight > 0) await new Promise<void>((resolve) => this.draining.push(resolve));
    this.replaceServers(wanted);
    this.method = wanted.method;
    this.backendGroup = wanted.backendGroup;
    this.migrateFromGroup = wanted.migrateFromGroup;
    if (wanted.locked) return;
    this.isHeld = false;
    for (const go of this.held.splice(0)) go();
  }

  toBody(): Slot {
    const replicas = this.replicaGroups.map((group) => group.map((server) => server.address));
    return {
      id: this.id,
      ...(this.isHeld && { locked: true as const }),
      ...(this.backend && { backend_addr: this.backend.address }),
      ...(this.backendGroup !== 0 && { backend_addr_group_id: this.backendGroup }),
      ...(this.migrateFrom && { migrate_from: this.migrateFrom.address }),
      ...(this.migrateFromGroup !== 0 && { migrate_from_group_id: this.migrateFromGroup }),
      ...(this.method !== 0 && { forward_method: this.method }),
      ...(replicas.length > 0 && { replica_groups: replicas }),
    };
  }

  private leave(): void {
    this.inFlight -= 1;
    if (this.inFlight === 0) for (const go of this.draining.splice(0)) go();
  }

  /** New servers are taken before old ones are let go, so that a connection in both stays open. */
  private replaceServers(wanted: SlotFill): void {
    const old = [this.backend, this.migrateFrom, ...this.replicaGroups.flat()];
    const retained = (address: string): BackendServer | undefined =>
      address === '' ? undefined : this.pool.retain(address);
    this.backend = retained(wanted.backend);
    this.migrateFrom = retained(wanted.migrateFrom);
    this.replicaGroups = wanted.replicaGroups.map((group) =>
      group.map((address) => this.pool.retain(address)),
    );
    for (const server of old) this.pool.release(server);
  }

  private connectedMember(group: readonly BackendServer[], database: number): Backend | undefined {
    const start = Math.floor(Math.random() * group.length);
    for (let step = 0; step < group.length; step += 1) {
      const backend = group[(start + step) % group.length]?.database(database);
      if (backend?.isConnected) return backend;
    }
    return undefined;
  }
}
