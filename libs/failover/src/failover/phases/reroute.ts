import type { RouterProxy, RouterView } from '@slotferry/cluster';
import type { OpenCluster } from '@slotferry/inventory';
import { blocked, done, type Outcome } from '@slotferry/workflow';
import { checkRoutes } from '../check-routes';
import { clearHandovers, enableHandovers } from '../clear-handovers';
import { clearProxies } from '../clear-proxies';
import { drainProxies } from '../drain-proxies';
import { endEarly } from '../end-early';
import { fact, type FailoverContext, keep, requiredFact } from '../facts';
import { FailoverPhase, isRouterAway, routerAway } from '../failover-phase';
import { winnerOf } from '../hold-election';
import { promoteAtRouter } from '../promote-at-router';
import { redirectProxies } from '../redirect';
import { viewOf } from '../router-view';
import { takeOver } from '../take-over';
import { timing } from '../timing';

/** Sends the clients to the new master. */
export class Reroute extends FailoverPhase {
  readonly name = 'reroute';

  protected async work(context: FailoverContext, cluster: OpenCluster): Promise<Outcome> {
    try {
      return await this.reroute(context, cluster);
    } catch (error) {
      if (!isRouterAway(error)) throw error;
      // Clients need not wait for the router: proxies can be told directly, once.
      const proxies = requiredFact(context, 'proxies').map((proxy): RouterProxy => ({
        ...proxy,
        problem: null,
      }));
      if (this.canRedirect(context)) {
        const failures = await redirectProxies(context, cluster, proxies);
        context.step('told proxies directly', { told: proxies.length, failures });
      }
      return routerAway(error instanceof Error ? error.message : String(error));
    }
  }

  /** To a node that is a master by its own word, once. */
  private canRedirect(context: FailoverContext): boolean {
    const winner = winnerOf(context);
    return fact(context, 'promoted') === winner && fact(context, 'redirected') !== winner;
  }

  private async reroute(context: FailoverContext, cluster: OpenCluster): Promise<Outcome> {
    const view = await viewOf(cluster);
    const group = view.groups.find(({ id }) => id === context.input.group);
    const present = group?.servers[0] ?? 'nobody';
    if (present === context.input.master || group?.promoting === true) {
      const outcome = await this.promote(context, cluster, view);
      if (outcome) return outcome;
    } else if (present !== winnerOf(context)) {
      return this.otherMaster(context, present);
    }
    const outcome = await checkRoutes(context, cluster, await viewOf(cluster));
    if (outcome) return outcome;
    keep(context, { reroutedAt: context.now() });
    await enableHandovers(context, cluster);
    return done({ master: winnerOf(context), tookMs: context.now() - context.state.startedAt });
  }

  private async promote(
    context: FailoverContext,
    cluster: OpenCluster,
    view: RouterView,
  ): Promise<Outcome | null> {
    // The winner can have died since, and as long as nobody was sent to it, another one can win.
    return (
      (await takeOver(context, cluster, this.parts.memory)) ??
      (await drainProxies(context, cluster, view)) ??
      // Before anything that the router would have to do with a proxy that hangs.
      (await clearProxies(context, cluster, view)) ??
      (await clearHandovers(context, cluster, await viewOf(cluster))) ??
      promoteAtRouter(context, cluster)
    );
  }

  private async otherMaster(context: FailoverContext, present: string): Promise<Outcome> {
    const { group } = context.input;
    const winner = winnerOf(context);
    const message = `somebody else has made ${present} the master of group ${group} at the router, while ${winner} took over its slots`;
    if (context.approved('other-master'))
      return endEarly(context, this.parts.memory, 'not-the-master', message);
    const remedy = `Promote ${winner} at the router, and it goes on by itself. Or approve it (code other-master) to leave ${present} in its place: writes may be lost that only ${winner} has.`;
    return blocked({ code: 'other-master', message, remedy }, 'operator', timing.recheck);
  }
}
