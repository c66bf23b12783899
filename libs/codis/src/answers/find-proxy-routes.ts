import { type ProxyRoute } from '@slotferry/cluster';

import { findSlot, MOST_SEARCHES } from './find-slot';
import { list, ShapeError } from './shape';
import { slotEntry } from './slot-entry';

/** What a proxy does with some slots, from the text of its `/proxy/slots`, in the order of `slots`; null for one that it does not show. Throws SyntaxError and ShapeError. */
export function findProxyRoutes(text: string, slots: readonly number[]): (ProxyRoute | null)[] {
  if (slots.length > MOST_SEARCHES) return parseAll(text, slots);
  const found: ProxyRoute[] = [];
  for (const slot of slots) {
    const route = routeIn(findSlot(text, slot), slot);
    if (route === null) return parseAll(text, slots);
    found.push(route);
  }
  return found;
}

function parseAll(text: string, slots: readonly number[]): (ProxyRoute | null)[] {
  const routes = new Map(list(slotEntry)(JSON.parse(text), 'the answer').map((route) => [route.slot, route]));
  return slots.map((slot) => routes.get(slot) ?? null);
}

/** Null when the found text is not that slot after all. */
function routeIn(found: string | null, slot: number): ProxyRoute | null {
  if (found === null) return null;
  try {
    const route = slotEntry(JSON.parse(found), 'slot');
    return route.slot === slot ? route : null;
  } catch (error) {
    if (error instanceof ShapeError || error instanceof SyntaxError) return null;
    throw error;
  }
}
