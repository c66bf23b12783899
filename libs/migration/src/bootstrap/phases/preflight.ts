import { compareWithRouter, describeDifference } from '@slotferry/cluster';
import type { OpenCluster } from '@slotferry/inventory';
import { done, type Outcome } from '@slotferry/workflow';
import { block } from '../../outcomes';
import { type BootstrapContext, BootstrapPhase } from '../bootstrap-phase';

/** All nodes and the router answer, fit each other, and hold nothing that contradicts the definition. */
export class BootstrapPreflight extends BootstrapPhase {
  readonly name = 'preflight';

  protected async work(_context: BootstrapContext, cluster: OpenCluster): Promise<Outcome> {
    const { definition, router } = cluster;
    await router.ping();
    const contradictions = compareWithRouter(definition, await router.view()).filter(
      ({ kind }) => kind === 'server-in-other-group' || kind === 'master-differs' || kind === 'slot-unknown',
    );
    if (contradictions[0]) {
      return block(
        'router-contradicts',
        `${describeDifference(contradictions[0])}${contradictions.length > 1 ? ` (and ${contradictions.length - 1} more)` : ''}`,
        'Correct the cluster file and apply it again, or change the router; this goes on by itself.',
      );
    }
    const addresses = definition.groups.flatMap(({ nodes }) => nodes);
    for (const address of addresses) {
      const wrong = await examine(cluster, address);
      if (wrong) return wrong;
    }
    return done({ nodes: addresses.length });
  }
}

async function examine(cluster: OpenCluster, address: string): Promise<Outcome | null> {
  const tables = await cluster.node(address).tables();
  for (const { id, slots } of cluster.definition.tables) {
    const found = tables.find(({ table }) => table === id);
    if (!found) {
      return block(
        'node-lacks-table',
        `${address} has no table ${id}`,
        `Create it there with ${slots} slots: pkcluster addtable ${id} ${slots}`,
      );
    }
    if (found.slots !== slots) {
      return block(
        'slot-number-differs',
        `${address} cuts table ${id} into ${found.slots} slots, the cluster file says ${slots}`,
        'Set default-slot-num to the same number on all nodes, or correct the cluster file.',
      );
    }
  }
  return null;
}
