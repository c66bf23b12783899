import { formatSlots } from '@slotferry/cluster';
import { type Condition, type PikaNode, type PikaVersion, type Speed } from './pika';
import { type SandboxParts } from './sandbox-parts';

/** Where everything is and how it is. */
export interface Topology {
  readonly product: string;
  readonly speed: Speed;
  readonly peerTimeoutMs: number;
  /** `host:port` of the control API. */
  readonly control: string;
  readonly dashboard: { readonly address: string; readonly condition: Condition };
  readonly proxies: readonly {
    readonly name: string;
    readonly admin: string;
    readonly client: string;
    readonly condition: Condition;
  }[];
  readonly nodes: readonly NodeSummary[];
}

export interface NodeSummary {
  readonly name: string;
  readonly address: string;
  readonly version: PikaVersion;
  readonly condition: Condition;
  /** Slots of table 0 without a master, as a list like `0-3,8`. */
  readonly masterOf: string;
  /** Slots of table 0 that follow another node. */
  readonly slaveOf: string;
  readonly isDiskFull: boolean;
  readonly holdsReplication: boolean;
}

/** What the sandbox consists of at the moment. */
export function describe(sandbox: SandboxParts): Topology {
  return {
    product: sandbox.options.product,
    speed: sandbox.costs.speed,
    peerTimeoutMs: sandbox.costs.peerTimeoutMs,
    control: sandbox.controlAddress,
    dashboard: { address: sandbox.dashboard.process.address, condition: sandbox.dashboard.condition },
    proxies: [...sandbox.proxies.values()].map(({ name, process, condition }) => ({
      name,
      admin: process.adminAddress,
      client: process.clientAddress,
      condition,
    })),
    nodes: [...sandbox.nodes.values()].map(summaryOf),
  };
}

function summaryOf(node: PikaNode): NodeSummary {
  const slots = node.store.table(0)?.slots ?? [];
  return {
    name: node.name,
    address: node.address,
    version: node.dialect.version,
    condition: node.condition,
    masterOf: formatSlots(slots.filter((slot) => !slot.attachment).map(({ id }) => id)),
    slaveOf: formatSlots(slots.filter((slot) => slot.attachment).map(({ id }) => id)),
    isDiskFull: node.isDiskFull,
    holdsReplication: node.holdsReplication,
  };
}
