import { type Lab } from './lab';
import { type Point } from './points';

interface Fill {
  readonly id: number;
  readonly locked?: boolean;
  readonly backend_addr?: string;
}

/** What a request tells a proxy about the slot; undefined when it tells it nothing. */
function fillOf(text: string, slot: number): Fill | undefined {
  if (!text.startsWith('PUT /api/proxy/fillslots/')) return undefined;
  const entries = JSON.parse(text.slice(text.indexOf('['))) as readonly Fill[];
  return entries.find(({ id }) => id === slot);
}

const filling = (name: string, proxy: string, is: (fill: Fill, lab: Lab) => boolean): Point => ({
  name: `${name} ${proxy}`,
  server: proxy,
  is: ({ text }, slot, lab) => {
    const fill = fillOf(text, slot);
    return fill !== undefined && is(fill, lab);
  },
});

/** A proxy is told to hold the slot. */
export const holdAt = (proxy: string): Point => filling('holding at', proxy, ({ locked }) => locked === true);

/** The dashboard sends a proxy the slot's new route. */
export const newRouteAt = (proxy: string): Point =>
  filling('the new route at', proxy, ({ backend_addr }, lab) => backend_addr === lab.node('pika5').address);

/** The dashboard is told the slot's new group. */
export const assigning: Point = {
  name: 'assigning the slot to its new group',
  server: 'dashboard',
  is: ({ text }, slot) =>
    text.includes('/slots/assign/') && text.includes(`"id":${slot},`) && text.includes('"group_id":3'),
};
