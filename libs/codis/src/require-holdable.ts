import { type RouterView } from '@slotferry/cluster';

import { type FilledSlot } from './answers/filled-slot';
import { CodisError } from './codis.errors';

/**
 * The entries of slots that may be held now: nobody else changes what the proxies do with them. Throws CodisError `slot-in-handover`
 * for a slot that is offline, or of which the dashboard has stored a handover or a promotion, other than one of `ownPromotion`.
 */
export function requireHoldable(
  slots: readonly number[],
  view: RouterView,
  filled: readonly FilledSlot[],
  ownPromotion?: number,
): FilledSlot[] {
  const entries = new Map(filled.map((entry) => [entry.id, entry]));
  return slots.map((slot) => {
    const entry = entries.get(slot) ?? { id: slot };
    const obstacle = obstacleOf(slot, view, entry, ownPromotion);
    if (obstacle === null) return entry;
    throw new CodisError({
      code: 'slot-in-handover',
      message: `Slot ${slot} cannot be held at the proxies: ${obstacle}.`,
    });
  });
}

function obstacleOf(slot: number, view: RouterView, entry: FilledSlot, ownPromotion?: number): string | null {
  const route = view.routes[slot];
  if (!entry['backend_addr'] || route === undefined || route.group === null) return 'it is offline';
  if (route.handover !== null)
    return `the dashboard has stored a handover to group ${route.handover.target} (${route.handover.state})`;
  if (entry['migrate_from']) return 'the dashboard hands it over';
  if (view.groups.some(({ id, promoting }) => id === route.group && promoting && id !== ownPromotion))
    return `a promotion of group ${route.group} is stored`;
  return entry.locked ? 'the dashboard holds it' : null;
}
