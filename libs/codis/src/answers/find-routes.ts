import { type SlotRoute } from '@slotferry/cluster';

import { findSlot, MOST_SEARCHES } from './find-slot';
import { object, ShapeError } from './shape';
import { slotMapping } from './slot-mapping';
import { readSlots } from './stats';

/** The routes of some slots in the text of `stats`, in the order of `slots`. Throws SyntaxError and ShapeError. */
export function findRoutes(stats: string, slots: readonly number[]): SlotRoute[] {
  if (slots.length > MOST_SEARCHES) return parseAll(stats, slots);
  const found: SlotRoute[] = [];
  for (const slot of slots) {
    const route = routeIn(findSlot(stats, slot), slot);
    if (route === null) return parseAll(stats, slots);
    found.push(route);
  }
  return found;
}

function parseAll(stats: string, slots: readonly number[]): SlotRoute[] {
  const routes = readSlots(object(JSON.parse(stats), 'stats'));
  return slots.map((slot) => routes[slot] as SlotRoute);
}

/** Null when the found text is not that slot after all. */
function routeIn(found: string | null, slot: number): SlotRoute | null {
  if (found === null) return null;
  try {
    const route = slotMapping(JSON.parse(found), 'slot');
    return route.slot === slot ? route : null;
  } catch (error) {
    if (error instanceof ShapeError || error instanceof SyntaxError) return null;
    throw error;
  }
}
