import {
  type ClusterDefinition,
  compareWithRouter,
  describeDifference,
  formatSlots,
  type RouterDifference,
  type RouterView,
} from '@slotferry/cluster';

type SlotDifference = Extract<RouterDifference, { readonly slot: number }>;

/** How the router differs from the definition, in sentences; slots that differ in the same way share one. */
export function describeDifferences(definition: ClusterDefinition, view: RouterView): string[] {
  const differences = compareWithRouter(definition, view);
  const unregistered = definition.router.proxies.filter(
    (admin) => !view.proxies.some((proxy) => proxy.admin === admin),
  );
  return [
    ...differences.filter((one) => !('slot' in one)).map(describeDifference),
    ...sameWay(differences.filter((one) => 'slot' in one)).map(describeSlots),
    ...unregistered.map((admin) => `The router does not know the proxy ${admin}`),
  ];
}

function sameWay(differences: readonly SlotDifference[]): SlotDifference[][] {
  const ways = new Map<string, SlotDifference[]>();
  for (const one of differences) {
    const way = [one.kind, one.group, one.table, 'found' in one ? one.found : ''].join('/');
    ways.set(way, [...(ways.get(way) ?? []), one]);
  }
  return [...ways.values()];
}

function describeSlots(same: readonly SlotDifference[]): string {
  const [first] = same;
  if (!first) return '';
  if (same.length === 1) return describeDifference(first);
  const slots = `Slots ${formatSlots(same.map(({ slot }) => slot))} of table ${first.table}`;
  switch (first.kind) {
    case 'slot-unknown':
      return `${slots} belong to group ${first.group}, the router has none of them`;
    case 'slot-offline':
      return `${slots} belong to group ${first.group}, the router has them offline`;
    case 'slot-in-other-group':
      return `${slots} belong to group ${first.group}, the router has them in group ${first.found}`;
  }
}
