import type { PikaNode, SlotInfo } from '@slotferry/pika';
import { type Command, type Outcome, type Phase, wait } from '@slotferry/workflow';
import { detachAll } from '../../attachment/attachment-outcome';
import type { ClusterSource } from '@slotferry/inventory';
import type { MoveSlotInput } from '../../definitions';
import { block, tolerant } from '../../outcomes';
import { type Cast, type MoveContext, requireCast } from '../cast';
import { ProxyHold } from '../handover/proxy-hold';
import { PathProblem, waitFor } from '../path-problem';
import { withinMoments } from '../within-moments';
import { requireRouteAtProxies } from '../proxies';
import { leftBehind } from '../left-behind';
import { sourceMoved, targetReplaced } from '../proofs';

/** In milliseconds. */
const sharedAgeMs = 100;

/** Deletes the slot on the old group: replicas first, then the old master. Nothing is deleted that a client could still reach. */
export class CleanUp implements Phase<MoveSlotInput> {
  readonly workflow = 'move-slot';
  readonly name = 'clean-up';

  constructor(private readonly clusters: ClusterSource) {}

  run(context: MoveContext): Promise<Outcome> {
    return tolerant(async () => {
      const cast = await requireCast(context, this.clusters);
      const [rerouted, moved, copies] = await Promise.all([
        this.stillRouted(context, cast),
        sourceMoved(context, cast),
        lookAtCopies(cast),
      ]);
      const reason = rerouted ?? targetReplaced(context, cast) ?? moved;
      if (reason) return reason;
      const orders = await announceOrders(context, cast, copies);
      const kept: string[] = [];
      for (const { node } of copies) {
        // A node notices in a moment that a replica has left it: that is not worth a turn of its own.
        const outcome = await withinMoments(() => clearNode(context, cast, node, orders));
        if (outcome === 'kept') kept.push(node.address);
        else if (outcome) return outcome;
      }
      return (await tidyRouter(context, cast)) ?? leftBehind(cast, kept);
    });
  }

  /** What others saw a moment ago is good enough; what speaks against it is told by a look of its own. */
  private async stillRouted(context: MoveContext, cast: Cast): Promise<Outcome | null> {
    const doubt = await this.lookAtRoutes(context, cast, sharedAgeMs);
    return doubt && this.lookAtRoutes(context, cast, 0);
  }

  private async lookAtRoutes(context: MoveContext, cast: Cast, maxAgeMs: number): Promise<Outcome | null> {
    const { router } = cast.cluster;
    const view = await router.view(maxAgeMs);
    const route = view.routes.find(({ table, slot }) => table === cast.table && slot === cast.slot);
    if (route?.group !== cast.to || route.handover) {
      return block(
        'route-changed',
        `the router sends slot ${cast.slot} to group ${route?.group ?? 'none'}, not to group ${cast.to} any more`,
        `Nothing is deleted. Send it to group ${cast.to} again, then this move ends by itself.`,
      );
    }
    try {
      await requireRouteAtProxies(router, view.proxies, cast.ref, cast.targetMaster.address, maxAgeMs);
      return null;
    } catch (error) {
      const holds = maxAgeMs === 0 && error instanceof PathProblem && error.code === 'proxy-holds';
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

/** Null when the slot is gone there. Repeats nothing that is not safe to: it looks first each time. */
async function clearNode(
  context: MoveContext,
  cast: Cast,
  node: PikaNode,
  orders: Orders,
): Promise<Outcome | 'kept' | null> {
  const { slot, table, sourceMaster, mayBeFollowed } = cast;
  const masters = [sourceMaster.address, ...mayBeFollowed].filter((address) => address !== node.address);
  const parted = partedFact(node.address);
  if (mayBeFollowed.length > 0 && (await mayHoldMore(context, cast, node))) return 'kept';
  if (!(await orders.send(`detach ${node.address}`))) {
    const left = await detachAll(context, node, masters, [slot], table, { [parted]: true });
    if (left) return wait('detaching', left, 50);
  }
  return remove(context, cast, node, orders);
}

/** A node of the old group, and what it shows of the slot. */
interface Copy {
  readonly node: PikaNode;
  readonly info: SlotInfo | null;
}

/** In the order in which they are deleted: the master's copy last. */
async function lookAtCopies({ slot, table, sourceMaster, sourceReplicas }: Cast): Promise<Copy[]> {
  const nodes = [...sourceReplicas, sourceMaster];
  return Promise.all(nodes.map(async (node) => ({ node, info: await node.slot(slot, table) })));
}

/**
 * What is usually sent, announced in one append instead of one for each command: replicas follow their master, and nobody was replaced.
 * Whatever is found otherwise when it comes to it is done by a command of its own.
 */
async function announceOrders(context: MoveContext, cast: Cast, copies: readonly Copy[]): Promise<Orders> {
  const { slot, table, sourceMaster, mayBeFollowed } = cast;
  if (mayBeFollowed.length > 0) return new Orders([], []);
  const parted: Record<string, boolean> = {};
  const commands = copies.flatMap(({ node, info }) => {
    if (!info) return [];
    const target = `pika ${node.address}`;
    const follows = info.following?.master === sourceMaster.address;
    if (follows) parted[partedFact(node.address)] = true;
    const detach = {
      target,
      action: `detach slots ${slot} from ${sourceMaster.address}`,
      send: (gate: () => void) => node.detach([slot], table, gate),
    };
    return [
      ...(follows ? [{ name: `detach ${node.address}`, command: detach }] : []),
      { name: `delete ${node.address}`, command: deletion(cast, node) },
    ];
  });
  if (commands.length === 0) return new Orders([], []);
  const senders = await context.announce(
    commands.map(({ command }) => command),
    { facts: parted },
  );
  return new Orders(
    commands.map(({ name }) => name),
    senders,
  );
}

/** Announced commands, each to be sent once. */
class Orders {
  private readonly senders = new Map<string, () => Promise<void>>();

  constructor(names: readonly string[], senders: readonly (() => Promise<void>)[]) {
    for (const [index, name] of names.entries()) {
      const send = senders[index];
      if (send) this.senders.set(name, send);
    }
  }

  /** False when there is no such order, or none any more. */
  async send(name: string): Promise<boolean> {
    const send = this.senders.get(name);
    this.senders.delete(name);
    await send?.();
    return send !== undefined;
  }
}

function deletion({ slot, table }: Cast, node: PikaNode): Command<void> {
  return {
    target: `pika ${node.address}`,
    action: `delete slot ${slot}${table === 0 ? '' : ` of table ${table}`}`,
    send: (gate) => node.deleteSlots([slot], table, gate),
  };
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
async function remove(
  context: MoveContext,
  cast: Cast,
  node: PikaNode,
  orders: Orders,
): Promise<Outcome | null> {
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
  if (!(await orders.send(`delete ${node.address}`))) await context.command(deletion(cast, node));
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
