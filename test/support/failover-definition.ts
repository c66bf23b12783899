import { type ClusterDefinition, DEFAULT_FAILOVER, type FailoverSettings } from '@slotferry/cluster';
import { type Sandbox } from '../../apps/sandbox/src/sandbox';

/** The sandbox's groups as an operator would register them: down after 1 s by two workers, and no pause after a failover. */
export function definitionOf(sandbox: Sandbox, failover: Partial<FailoverSettings>): ClusterDefinition {
  const { groups, replicas, slots, product } = sandbox.options;
  const addresses = [...sandbox.nodes.values()].map(({ address }) => address);
  const groupOf = (index: number): ClusterDefinition['groups'][number] => {
    const size = replicas + 1;
    const first = Math.floor((slots * index) / groups);
    const next = Math.floor((slots * (index + 1)) / groups);
    return {
      id: index + 1,
      nodes: addresses.slice(index * size, (index + 1) * size) as [string, ...string[]],
      slots: [{ table: 0, slots: Array.from({ length: next - first }, (_, slot) => first + slot) }],
    };
  };
  return {
    name: 'lab',
    router: {
      kind: 'codis',
      dashboard: `http://${sandbox.dashboard.process.address}`,
      product,
      productAuth: null,
      proxies: [...sandbox.proxies.values()].map(({ process }) => process.adminAddress),
    },
    pika: { auth: null },
    migration: { holdBudgetMs: 1_000, maxStallMs: 100, lagThresholdBytes: 1_048_576, handover: 'auto' },
    failover: { ...DEFAULT_FAILOVER, downAfterMs: 1_000, quorum: 2, blockMs: 0, ...failover },
    tables: [{ id: 0, slots: 1_024 }],
    groups: Array.from({ length: groups }, (_, index) => groupOf(index)),
  };
}
