import { compareWithRouter, formatSlots, type SlotRef } from '@slotferry/cluster';
import type { OpenCluster } from '@slotferry/inventory';
import { done, type Outcome } from '@slotferry/workflow';
import { type BootstrapContext, BootstrapPhase } from '../bootstrap-phase';

/** Assigns slots that are offline to their groups. Slots that belong to somebody are left alone. */
export class BootstrapAssignSlots extends BootstrapPhase {
  readonly name = 'assign-slots';

  protected async work(context: BootstrapContext, cluster: OpenCluster): Promise<Outcome> {
    const { router, definition } = cluster;
    const offline = new Map<number, SlotRef[]>();
    for (const difference of compareWithRouter(definition, await router.view())) {
      if (difference.kind !== 'slot-offline') continue;
      const { group, table, slot } = difference;
      offline.set(group, [...(offline.get(group) ?? []), { table, slot }]);
    }
    for (const [group, slots] of offline) {
      await context.command({
        target: `${router.kind} ${router.address}`,
        action: `assign slots ${formatSlots(slots.map(({ slot }) => slot))} to group ${group}`,
        send: (gate) => router.assign(slots, group, gate),
      });
      // Assigning marks the group as out of step with its proxies until its routes are sent once more.
      await context.command({
        target: `${router.kind} ${router.address}`,
        action: `resync group ${group}`,
        send: (gate) => router.resyncGroup(group, gate),
      });
    }
    return done({ assigned: [...offline.values()].reduce((sum, slots) => sum + slots.length, 0) });
  }
}
