import type { RouterView, SlotRef } from '@slotferry/cluster';

/**
 * The slots whose clients the router sends to the group. One that the router is about to finish handing over counts as the target's:
 * its proxies have switched. Any other slot on its way is still the source's.
 */
export function ownedSlots({ routes }: Pick<RouterView, 'routes'>, group: number): SlotRef[] {
  return routes
    .filter(({ group: owner, handover }) =>
      handover?.state === 'finishing' ? handover.target === group : owner === group,
    )
    .map(({ table, slot }) => ({ table, slot }));
}
