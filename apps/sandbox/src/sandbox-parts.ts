import { type Dashboard, type SandboxProxy } from './codis';
import { type ResolvedOptions } from './options';
import { type Costs, type Network, type PikaNode } from './pika';
import { type FaultyProcess } from './process-fault';

/** A running cluster as its parts see it. */
export interface SandboxParts {
  readonly options: ResolvedOptions;
  readonly costs: Costs;
  readonly network: Network;
  /** `pika1` to `pikaN`. */
  readonly nodes: ReadonlyMap<string, PikaNode>;
  readonly dashboard: FaultyProcess<Dashboard>;
  /** `proxy1` to `proxyN`. */
  readonly proxies: ReadonlyMap<string, FaultyProcess<SandboxProxy>>;
  /** `host:port` of the control API. */
  readonly controlAddress: string;
}
