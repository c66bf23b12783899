import { type BinlogLimits } from './binlog';
import { type PikaVersion } from './versions';

export interface PikaNodeOptions {
  /** Name in the sandbox, for example `pika1`. */
  readonly name: string;
  /** A free port is chosen when 0. */
  readonly port?: number;
  readonly host?: string;
  readonly version?: PikaVersion;
  /** Number of slots of table 0 (`default-slot-num`). */
  readonly slotCount?: number;
  /** Clients must send it with AUTH (`requirepass`); slaves use it for full copies (`masterauth`). Empty for none. */
  readonly password?: string;
  readonly binlog?: BinlogLimits;
}
