import { type ClusterDefinition, DEFAULT_FAILOVER, type GroupDefinition } from '@slotferry/cluster';
import { type Sandbox } from '../../apps/sandbox/src/sandbox';

/** The sandbox's cluster as an operator would register it: three groups of two nodes, the third without slots. */
export function definitionOf(
  sandbox: Sandbox,
  {
    slotsPerGroup,
    holdBudgetMs,
    handover = 'dashboard',
  }: {
    readonly slotsPerGroup: number;
    readonly holdBudgetMs: number;
    readonly handover?: ClusterDefinition['migration']['handover'];
  },
): ClusterDefinition {
  const addresses = [...sandbox.nodes.values()].map(({ address }) => address);
  const group = (id: number, slots: readonly number[]): GroupDefinition => ({
    id,
    nodes: [addresses[2 * id - 2] ?? '', addresses[2 * id - 1] ?? ''],
    slots: slots.length === 0 ? [] : [{ table: 0, slots }],
  });
  const range = (first: number): number[] =>
    Array.from({ length: slotsPerGroup }, (_, index) => first + index);
  return {
    name: 'lab',
    router: {
      kind: 'codis',
      dashboard: `http://${sandbox.dashboard.process.address}`,
      product: sandbox.options.product,
      productAuth: null,
      proxies: [...sandbox.proxies.values()].map(({ process }) => process.adminAddress),
    },
    pika: { auth: null },
    migration: { holdBudgetMs, maxStallMs: 100, lagThresholdBytes: 1_048_576, handover },
    failover: DEFAULT_FAILOVER,
    tables: [{ id: 0, slots: 1_024 }],
    groups: [group(1, range(0)), group(2, range(slotsPerGroup)), group(3, [])],
  };
}
