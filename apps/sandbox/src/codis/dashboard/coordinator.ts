import { type Group, MAX_SLOTS, type ProxyModel, type SlotMapping } from '../protocol/models';

/** What lies in ZooKeeper, etcd or the file system for one product. It outlives the dashboard's process. */
export class Coordinator {
  readonly slots: SlotMapping[] = Array.from({ length: MAX_SLOTS }, (_, id) => ({
    id,
    group_id: 0,
    action: {},
  }));
  readonly groups = new Map<number, Group>();
  readonly proxies = new Map<string, ProxyModel>();
  private holder: string | undefined;

  /** Takes the lock when nobody holds it. It is persistent: the crash of its holder does not free it. */
  acquire(token: string): boolean {
    if (this.holder !== undefined && this.holder !== token) return false;
    this.holder = token;
    return true;
  }

  release(token: string): void {
    if (this.holder === token) this.holder = undefined;
  }
}
