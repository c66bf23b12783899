import { type DashboardTimings } from './codis';
import { SandboxError } from './errors';
import { type BinlogLimits, type PikaVersion, type Speed } from './pika';

/** How to build a cluster. Everything has a default. */
export interface SandboxOptions {
  readonly nodes?: number;
  /** Groups with slots, replicas and routes made beforehand; 0 for empty nodes and an empty dashboard. */
  readonly groups?: number;
  /** Replicas of each of these groups. */
  readonly replicas?: number;
  /** How many of the 1024 slots the groups get, from slot 0 up. */
  readonly slots?: number;
  readonly speed?: Speed;
  /** Milliseconds after which a silent peer is given up; 20,000 in the real servers. */
  readonly peerTimeoutMs?: number;
  /** First of the ports used, one after the other: dashboard, two a proxy, nodes. Free ones are chosen when 0. */
  readonly basePort?: number;
  readonly controlPort?: number;
  readonly product?: string;
  /** Password of the nodes and of the proxies' admin API; none when empty. */
  readonly productAuth?: string;
  readonly pikaVersion?: PikaVersion;
  readonly proxies?: number;
  /** Milliseconds after which a proxy gives up a node that does not answer; 30,000 in the real one. */
  readonly backendReadMs?: number;
  readonly binlog?: BinlogLimits;
  /** The dashboard's clockwork where it differs from the real one. */
  readonly dashboardTimings?: Partial<DashboardTimings>;
}

export type ResolvedOptions = Required<Omit<SandboxOptions, 'binlog' | 'dashboardTimings'>> &
  Pick<SandboxOptions, 'binlog' | 'dashboardTimings'>;

/** Slots of table 0 on every node, and the number over which Codis hashes. */
export const SLOT_COUNT = 1_024;

export const DEFAULT_OPTIONS: ResolvedOptions = {
  nodes: 6,
  groups: 2,
  replicas: 1,
  slots: SLOT_COUNT,
  speed: 'real',
  peerTimeoutMs: 20_000,
  basePort: 0,
  controlPort: 0,
  product: 'lab',
  productAuth: '',
  pikaVersion: '3.4.1',
  proxies: 2,
  backendReadMs: 30_000,
};

/** @throws SandboxError `SANDBOX_OPTIONS` when they cannot go together */
export function resolveOptions(options: SandboxOptions): ResolvedOptions {
  const resolved = { ...DEFAULT_OPTIONS, ...options };
  const size = resolved.replicas + 1;
  if (resolved.groups * size > resolved.nodes) {
    throw refusal(
      `${resolved.groups} groups of ${size} nodes need ${resolved.groups * size} nodes, there are ${resolved.nodes}`,
      `Ask for --nodes ${resolved.groups * size} or more, or for fewer groups.`,
    );
  }
  if (resolved.slots > SLOT_COUNT) {
    throw refusal(
      `There are ${SLOT_COUNT} slots, not ${resolved.slots}`,
      `Ask for --slots ${SLOT_COUNT} at most.`,
    );
  }
  if (typeof resolved.speed === 'number' && !(resolved.speed > 0)) {
    throw refusal('A speed is not above 0', 'Give "real", "zero", or how many times faster, for example 10.');
  }
  return resolved;
}

function refusal(message: string, remedy: string): SandboxError {
  return new SandboxError('SANDBOX_OPTIONS', message, remedy);
}
