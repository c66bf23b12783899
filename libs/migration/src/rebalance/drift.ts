import type { RouterView, SlotMove } from '@slotferry/cluster';

/** One way in which the cluster is not as a plan took it to be. */
export type Drift =
  | { readonly kind: 'owner'; readonly move: SlotMove; readonly owner: number | null }
  | {
      readonly kind: 'handover';
      readonly move: SlotMove;
      readonly target: number;
      /** Nothing has been done about it yet: it can be taken out of the router's queue. */
      readonly queued: boolean;
    }
  | { readonly kind: 'group'; readonly group: number };

/** What has changed since the moves were planned, as far as it concerns them. A move that is made already is no drift. */
export function findDrift(moves: readonly SlotMove[], view: RouterView): Drift[] {
  const routes = new Map(view.routes.map((route) => [`${route.table}/${route.slot}`, route]));
  const able = new Set(view.groups.flatMap(({ id, servers }) => (servers.length > 0 ? [id] : [])));
  const groups = [...new Set(moves.map(({ to }) => to))].filter((group) => !able.has(group));
  return [
    ...groups.map((group): Drift => ({ kind: 'group', group })),
    ...moves.flatMap((move): Drift[] => {
      const route = routes.get(`${move.table}/${move.slot}`);
      if (route?.handover) {
        const { state, target } = route.handover;
        return [{ kind: 'handover', move, target, queued: state === 'queued' }];
      }
      const owner = route?.group ?? null;
      return owner === move.from || owner === move.to ? [] : [{ kind: 'owner', move, owner }];
    }),
  ];
}

/** Handovers that somebody else queued and that nobody has begun with. */
export function queuedByOthers(drift: readonly Drift[]): SlotMove[] {
  return drift.flatMap((one) => (one.kind === 'handover' && one.queued ? [one.move] : []));
}

/** The first differences as one sentence. */
export function describeDrift(drift: readonly Drift[]): string {
  const shown = drift.slice(0, 3).map((one) => {
    switch (one.kind) {
      case 'group':
        return `group ${one.group} has no server at the router`;
      case 'handover':
        return one.queued
          ? `slot ${one.move.slot} stands in the router's queue for group ${one.target}, put there by somebody else (--adopt takes it out)`
          : `slot ${one.move.slot} is being handed over to group ${one.target} by somebody else`;
      case 'owner':
        return `slot ${one.move.slot} belongs to ${one.owner === null ? 'nobody' : `group ${one.owner}`}, not to group ${one.move.from}`;
    }
  });
  return `${shown.join('; ')}${drift.length > shown.length ? `; and ${drift.length - shown.length} more` : ''}`;
}
