import { type RespServer } from '../resp';
import { type DataHost } from './data-commands';
import { type Network } from './network';
import { type PikaNodeOptions } from './options';
import { type MasterHost } from './replication/sender';
import { type SlaveHost, type SlaveSide } from './replication/slave-side';
import { type SlotChanges } from './slot-changes';

/** A node as its commands see it. */
export interface NodeContext extends DataHost, MasterHost, SlaveHost {
  readonly options: PikaNodeOptions;
  readonly host: string;
  readonly port: number;
  readonly startedAt: number;
  readonly network: Network;
  readonly server: RespServer;
  readonly changes: SlotChanges;
  readonly slaves: SlaveSide;
}
