import { groupOf, masterOf, type RouterGroup, type RouterView } from '@slotferry/cluster';
import type { OpenCluster } from '@slotferry/inventory';
import { done, failed, type Outcome, type Phase, wait } from '@slotferry/workflow';
import type { ClusterSource } from '@slotferry/inventory';
import type { MoveSlotInput } from '../../definitions';
import { block, tolerant } from '../../outcomes';
import { type MoveContext, recordCast } from '../cast';
import { takePreparationBack } from '../take-preparation-back';
import { waitFor } from '../path-problem';
import { requireHealthyProxies, requireRouteAtProxies } from '../proxies';
import { whoIsAbsent } from '../who-is-absent';
import { checkNodes } from './check-nodes';

const pollMs = 1_000;

/** Looks at everything the slot will meet on its way, and changes nothing. */
export class Preflight implements Phase<MoveSlotInput> {
  readonly workflow = 'move-slot';
  readonly name = 'preflight';

  constructor(private readonly clusters: ClusterSource) {}

  run(context: MoveContext): Promise<Outcome> {
    return tolerant(async () => {
      const cluster = await this.clusters.open(context.input.cluster);
      await cluster.router.ping();
      const view = await cluster.router.view();
      return (await this.checkRouter(context, cluster, view)) ?? this.checkPath(context, cluster, view);
    });
  }

  /** What the parent prepared for this move is taken back with it. */
  undo(context: MoveContext): Promise<Outcome> {
    return tolerant(async () => {
      const { prepared } = context.input;
      if (!prepared) return done();
      return takePreparationBack(context, await this.clusters.open(context.input.cluster), prepared);
    });
  }

  /** The router's own records: the slot, its groups, other work. Null when they allow the move. */
  private async checkRouter(
    context: MoveContext,
    cluster: OpenCluster,
    view: RouterView,
  ): Promise<Outcome | null> {
    const { table, slot, from, to } = context.input;
    const route = view.routes.find((one) => one.table === table && one.slot === slot);
    if (!route)
      return problem(
        'slot-unknown',
        `the router has no slot ${slot} in table ${table}`,
        'Name a slot that exists.',
      );
    if (route.group === to && !route.handover) {
      return problem(
        'already-there',
        `slot ${slot} belongs to group ${to} already`,
        'Nothing has to be moved; cancel this move.',
      );
    }
    if (route.handover) {
      return block(
        'handover-under-way',
        `the router is handing slot ${slot} over to group ${route.handover.target} (${route.handover.state}), begun by somebody else`,
        'Let it finish, or take it back at the router; this move goes on by itself afterwards.',
      );
    }
    if (route.group !== from) {
      return problem(
        'owner-changed',
        `slot ${slot} belongs to ${route.group === null ? 'nobody' : `group ${route.group}`}, not to group ${from} any more`,
        'Cancel this move and start a new one.',
      );
    }
    for (const id of [from, to]) {
      const group = view.groups.find((one) => one.id === id);
      if (!group?.servers[0]) {
        return block(
          'group-not-at-router',
          `the router has no ${group ? 'server in' : ''} group ${id}`,
          `Let it be set up: slotferry cluster bootstrap --cluster ${cluster.definition.name} --wait`,
        );
      }
      if (group.promoting) return wait('group-promoting', `group ${id} is being promoted`, pollMs);
    }
    if (view.handovers.disabled) {
      return block(
        'handovers-disabled',
        'the router starts no handovers: they are disabled',
        'Enable slot actions at the dashboard.',
      );
    }
    return null;
  }

  /** The machines themselves: every proxy, and the nodes of both groups. */
  private async checkPath(context: MoveContext, cluster: OpenCluster, view: RouterView): Promise<Outcome> {
    const { table, slot, from, to } = context.input;
    const [source, target] = [serversOf(view, from), serversOf(view, to)];
    const ref = { table, slot };
    try {
      requireHealthyProxies(view.proxies);
      await requireRouteAtProxies(cluster.router, view.proxies, ref, source.master);
    } catch (error) {
      return waitFor(error, pollMs);
    }
    const wrong = await checkNodes(cluster, ref, source.master, [target.master, ...target.replicas]);
    if (wrong && !(wrong.kind === 'blocked' && context.approved(wrong.problem.code))) return wrong;
    const { away } = await whoIsAbsent(cluster, source.replicas, ref);
    recordCast(context, {
      sourceMaster: source.master,
      sourceReplicas: source.replicas,
      targetMaster: target.master,
      targetReplicas: target.replicas,
      silentReplicas: away,
    });
    return done({
      ...source,
      target: target.master,
      proxies: view.proxies.length,
      ...(away.length > 0 ? { away: [...away] } : {}),
      defined: definedMaster(cluster, from),
    });
  }
}

function serversOf(view: RouterView, id: number): { master: string; replicas: string[] } {
  const group: RouterGroup | undefined = view.groups.find((one) => one.id === id);
  const [master = '', ...replicas] = group?.servers ?? [];
  return { master, replicas };
}

function definedMaster(cluster: OpenCluster, id: number): string | null {
  const group = groupOf(cluster.definition, id);
  return group ? masterOf(group) : null;
}

function problem(code: string, message: string, remedy: string): Outcome {
  return failed({ code, message, remedy }, false);
}
