import type { PikaNode } from '@slotferry/pika';
import { type Outcome, type Phase, wait } from '@slotferry/workflow';
import { detachAll } from '../../attachment/attachment-outcome';
import type { ClusterSource } from '@slotferry/inventory';
import type { MoveSlotInput } from '../../definitions';
import { block, tolerant } from '../../outcomes';
import { type Cast, type MoveContext, requireCast } from '../cast';
import { ProxyHold } from '../handover/proxy-hold';
import { PathProblem, waitFor } from '../path-problem';
import { requireRouteAtProxies } from '../proxies';
import { leftBehind } from '../left-behind';
import { sourceMoved, targetReplaced } from '../proofs';

/** Deletes the slot on the old group: replicas first, then the old master. Nothing is deleted that a client could still reach. */
export class CleanUp implements Phase<MoveSlotInput> {
  readonly workflow = 'move-slot';
  readonly name = 'clean-up';

  constructor(private readonly clusters: ClusterSource) {}

  run(context: MoveContext): Promise<Outcome> {
    return tolerant(async () => {
      const cast = await requireCast(context, this.clusters);
      const reason =
        (await this.stillRouted(context, cast)) ??
        targetReplaced(context, cast) ??
        (await sourceMoved(context, cast));
      if (reason) return reason;
      const kept: string[] = [];
      for (const node of [...cast.sourceReplicas, cast.sourceMaster]) {
        const outcome = await clearNode(context, cast, node);
        if (outcome === 'kept') kept.push(node.address);
        else if (outcome) return outcome;
      }
      return (await tidyRouter(context, cast)) ?? leftBehind(cast, kept);
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

/** Null when the slot is gone there. */
async function clearNode(context: MoveContext, cast: Cast, node: PikaNode): Promise<Outcome | 'kept' | null> {
  const { slot, table, sourceMaster, mayBeFollowed } = cast;
  const masters = [sourceMaster.address, ...mayBeFollowed].filter((address) => address !== node.address);
  const parted = partedFact(node.address);
  if (mayBeFollowed.length > 0 && (await mayHoldMore(context, cast, node))) return 'kept';
  const left = await detachAll(context, node, masters, [slot], table, { [parted]: true });
  if (left) return wait('detaching', left, 50);
  return remove(context, cast, node);
}

/**
 * After a failover of the source: a copy that follows nobody, though we did not take it off and nothing was drained there, was a
 * master of its own for a time. It may hold writes that are nowhere else.
 */
async function mayHoldMore(context: MoveContext, cast: Cast, node: PikaNode): Promise<boolean> {
  if (node === cast.sourceMaster || node.address === cast.drainedFrom) return false;
  if (context.facts[partedFact(node.address)] === true) return false;
  const info = await node.slot(cast.slot, cast.table);
  return info !== null && info.following === null;
}

function partedFact(address: string): string {
  return `parted ${address}`;
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
