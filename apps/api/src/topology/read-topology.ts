import { type RouterView, type SlotRoute } from '@slotferry/cluster';
import { type OpenCluster } from '@slotferry/inventory';
import { type Problem, withTimeout } from '@slotferry/platform';
import { describeDifferences } from './describe-differences';
import { describeGroup, groupsOf } from './describe-group';
import { viewNode } from './node-view';
import { problemOf } from './problem-of';
import { bySlotTable } from './replication';
import { type HandoverDto, type ProxyDto, type TopologyDto, type UnreachablePartDto } from './topology.dto';

/** The router counts as unreachable after so many milliseconds. */
const ROUTER_LIMIT_MS = 5_000;

/** Looks at the whole cluster, all parts at a time. What does not answer is named; the rest is told all the same. */
export async function readTopology(cluster: OpenCluster): Promise<TopologyDto> {
  const { definition, router } = cluster;
  const checkedAt = new Date().toISOString();
  const { view, problem } = await viewRouter(cluster);
  const groups = groupsOf(definition, view);
  const addresses = [...new Set(groups.flatMap(({ servers }) => servers))];
  const nodes = await Promise.all(addresses.map((address) => viewNode(cluster, address)));
  const lagLimit = definition.migration.lagThresholdBytes;
  const unreachable: UnreachablePartDto[] = [
    ...(problem ? [{ part: `router ${router.address}`, ...problem }] : []),
    ...nodes.flatMap((node) => (node.problem ? [{ part: `node ${node.address}`, ...node.problem }] : [])),
  ];
  return {
    cluster: definition.name,
    checkedAt,
    router: {
      address: router.address,
      reachable: view !== null,
      problem,
      handoversDisabled: view?.handovers.disabled ?? false,
    },
    groups: groups.map((group) => describeGroup(group, view, nodes, lagLimit)),
    proxies: view?.proxies.map(describeProxy) ?? [],
    handovers: view?.routes.flatMap(handoverOf) ?? [],
    offline: bySlotTable(view?.routes.filter(({ group }) => group === null) ?? []),
    unreachable,
    differences: view ? describeDifferences(definition, view) : [],
  };
}

async function viewRouter({
  router,
}: OpenCluster): Promise<{ view: RouterView | null; problem: Problem | null }> {
  try {
    const asked = withTimeout(router.view(), ROUTER_LIMIT_MS, `the router at ${router.address}`);
    return { view: await asked, problem: null };
  } catch (error) {
    return { view: null, problem: problemOf(error) };
  }
}

function describeProxy({ address, admin, problem }: RouterView['proxies'][number]): ProxyDto {
  return { address, admin, healthy: problem === null, problem };
}

function handoverOf({ table, slot, group, handover }: SlotRoute): HandoverDto[] {
  return handover ? [{ table, slot, from: group, to: handover.target, state: handover.state }] : [];
}
