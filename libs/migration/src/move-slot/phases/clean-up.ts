import type { PikaNode } from '@slotferry/pika';
import { done, type Outcome, type Phase, wait } from '@slotferry/workflow';
import { detachAll } from '../../attachment/attachment-outcome';
import type { ClusterSource } from '@slotferry/inventory';
import type { MoveSlotInput } from '../../definitions';
import { block, tolerant } from '../../outcomes';
import { type Cast, type MoveContext, requireCast } from '../cast';
import { ProxyHold } from '../handover/proxy-hold';
import { PathProblem, waitFor } from '../path-problem';
import { requireRouteAtProxies } from '../proxies';
import { sourceMoved } from './verify';

/** Deletes the slot on the old group: replicas first, then the old master. Nothing is deleted that a client could still reach. */
export class CleanUp implements Phase<MoveSlotInput> {
  readonly workflow = 'move-slot';
  readonly name = 'clean-up';

  constructor(private readonly clusters: ClusterSource) {}

  run(context: MoveContext): Promise<Outcome> {
    return tolerant(async () => {
      const cast = await requireCast(context, this.clusters);
      const reason = (await this.stillRouted(context, cast)) ?? (await sourceMoved(context, cast));
      if (reason) return reason;
      for (const replica of cast.sourceReplicas) {
        const left = await detachAll(context, replica, cast.sourceMaster.address, [cast.slot], cast.table);
        if (left) return wait('detaching', left, 50);
        const outcome = await remove(context, cast, replica);
        if (outcome) return outcome;
      }
      return (await remove(context, cast, cast.sourceMaster)) ?? (await tidyRouter(context, cast)) ?? done();
    });
  }

  private async stillRouted(context: MoveContext, cast: Cast): Promise<Outcome | null> {
    const { router } = cast.cluster;
    const view = await router.view();
    const route = view.routes.find(({ table, slot }) => table === cast.table && slot === cast.slot);
    if (route?.group !== cast.to || route.handover) {
      return block(
        'route-changed',
        `the router sends slot ${cast.slot} to group ${route?.group ?? 'none'}, not to group ${cast.to} any more`,
        `Nothing is deleted. Send it to group ${cast.to} again, then this move ends by itself.`,
      );
    }
    try {
      await requireRouteAtProxies(router, view.proxies, cast.ref, cast.targetMaster.address);
      return null;
    } catch (error) {
      const holds = error instanceof PathProblem && error.code === 'proxy-holds';
      // A proxy that was told to hold long ago may have come to it only now: clients must not wait for anybody else.
      if (holds && context.facts.heldAtProxies !== undefined) {
        await new ProxyHold(context, cast).sendRoutes(
          `send the routes of slot ${cast.slot} to the proxies again`,
        );
      }
      return waitFor(error, holds ? 100 : 1_000);
    }
  }
}

/** Deletes the slot on a node that still holds it. Null when it is gone. */
async function remove(context: MoveContext, cast: Cast, node: PikaNode): Promise<Outcome | null> {
  const { slot, table } = cast;
  const info = await node.slot(slot, table);
  if (!info) return null;
  if (info.following) {
    return block(
      'follows-another-master',
      `slot ${slot} of ${node.address} follows ${info.following.master} now`,
      'Find out who attached it there; this goes on by itself when it follows nobody.',
    );
  }
  if (info.slaves.length > 0) {
    const slaves = info.slaves.map(({ address }) => address).join(', ');
    return wait('slot-in-syncing', `${node.address} still lists ${slaves} as following slot ${slot}`, 100);
  }
  await context.command({
    target: `pika ${node.address}`,
    action: `delete slot ${slot}${table === 0 ? '' : ` of table ${table}`}`,
    send: (gate) => node.deleteSlots([slot], table, gate),
  });
  return null;
}

/**
 * Assigning a slot marks its group as out of step with the proxies until the group's routes are sent once more. That ends every
 * hold of the group's slots, so it waits for those of others. A rebalance does it once for all its moves.
 */
async function tidyRouter(context: MoveContext, cast: Cast): Promise<Outcome | null> {
  if (context.state.parent !== null) return null;
  const { router } = cast.cluster;
  const view = await router.view();
  if (!view.groups.some(({ id, outOfSync }) => id === cast.to && outOfSync)) return null;
  const owned = view.routes.filter(({ group }) => group === cast.to);
  for (const proxy of view.proxies) {
    const held = (await router.proxyRoutes(proxy, owned)).find(({ locked }) => locked);
    if (held)
      return wait('proxy-holds', `proxy ${proxy.admin} holds slot ${held.slot} of the same group`, 300);
  }
  await context.command({
    target: `${router.kind} ${router.address}`,
    action: `resync group ${cast.to}`,
    send: (gate) => router.resyncGroup(cast.to, gate),
  });
  return null;
}
