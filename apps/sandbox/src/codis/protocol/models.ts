/** Shapes of Codis 3.2 as they stand in JSON. Optional keys are those that the real servers leave out when empty. */

export const MAX_SLOTS = 1024;
export const MAX_GROUP_ID = 9999;

export type SlotActionState = 'pending' | 'preparing' | 'prepared' | 'migrating' | 'finished';

export interface SlotAction {
  readonly index?: number;
  readonly state?: SlotActionState;
  readonly target_id?: number;
}

/** A slot as the dashboard stores it. `group_id` 0 = offline. */
export interface SlotMapping {
  readonly id: number;
  readonly group_id: number;
  readonly action: SlotAction;
}

/** A slot as proxies get it. `forward_method` 1 = semi-async, left out = sync. */
export interface Slot {
  readonly id: number;
  readonly locked?: true;
  readonly backend_addr?: string;
  readonly backend_addr_group_id?: number;
  readonly migrate_from?: string;
  readonly migrate_from_group_id?: number;
  readonly forward_method?: number;
  readonly replica_groups?: readonly (readonly string[])[];
}

export type SyncState = 'pending' | 'syncing' | 'synced' | 'synced_failed';

export interface GroupServer {
  readonly server: string;
  readonly datacenter: string;
  readonly action: { readonly index?: number; readonly state?: SyncState };
  readonly replica_group: boolean;
}

export type PromotingState = 'preparing' | 'prepared' | 'finished';

/** Server 0 is the master by position. */
export interface Group {
  readonly id: number;
  readonly servers: readonly GroupServer[];
  readonly promoting: { readonly index?: number; readonly state?: PromotingState };
  readonly out_of_sync: boolean;
}

/** The proxy's model; `id` is given by the dashboard. */
export interface ProxyModel {
  readonly id?: number;
  readonly token: string;
  readonly start_time: string;
  readonly admin_addr: string;
  readonly proto_type: string;
  readonly proxy_addr: string;
  readonly product_name: string;
  readonly pid: number;
  readonly pwd: string;
  readonly sys: string;
  readonly hostname: string;
  readonly datacenter: string;
}

export interface TopomModel {
  readonly token: string;
  readonly start_time: string;
  readonly admin_addr: string;
  readonly product_name: string;
  readonly pid: number;
  readonly pwd: string;
  readonly sys: string;
}

/** The last sample of a server or proxy: exactly one of `stats`, `error`, `timeout` is set. `unixtime` in seconds. */
export interface Sample<T> {
  readonly stats?: T;
  readonly error?: { readonly Cause: string; readonly Stack: unknown };
  readonly unixtime: number;
  readonly timeout?: true;
}

/** What is read of a proxy's stats; the rest is passed on as it came. */
export interface ProxyStats extends Record<string, unknown> {
  readonly online: boolean;
  readonly closed: boolean;
}
