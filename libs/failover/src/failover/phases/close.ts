import { policyOf } from '@slotferry/cluster';
import type { OpenCluster } from '@slotferry/inventory';
import { done, type JsonObject, type Outcome, wait } from '@slotferry/workflow';
import { fact, type FailoverContext, type RemovedProxy } from '../facts';
import { FailoverPhase } from '../failover-phase';
import { tell, tellHistory } from '../news';
import { returnProxies } from '../return-proxies';
import { summaryOf } from '../summary';
import { timing } from '../timing';

/** Ends the epoch, begins the block, tells everybody, and puts removed proxies back when they answer. */
export class Close extends FailoverPhase {
  readonly name = 'close';

  protected override get runsWhenEnded(): boolean {
    return true;
  }

  protected async work(context: FailoverContext, cluster: OpenCluster): Promise<Outcome> {
    const summary = summaryOf(context);
    const { blockMs } = policyOf(cluster.definition.failover, context.input.group);
    if (fact(context, 'closedAt') === undefined) await this.end(context, blockMs, summary);
    const away = fact(context, 'ended') ? [] : await returnProxies(context, cluster);
    if (away.length > 0 && !(await this.gaveUp(context, blockMs))) {
      const names = away.map(({ admin }) => admin).join(', ');
      return wait(
        'proxy-away',
        `the group is served; ${names} is put back when it answers`,
        timing.proxyAway,
      );
    }
    for (const proxy of away) await this.forget(context, proxy);
    return done(summaryOf(context));
  }

  private async end(context: FailoverContext, blockMs: number, summary: JsonObject): Promise<void> {
    const { cluster, group, epoch, master } = context.input;
    const { memory, notifier } = this.parts;
    const ended = fact(context, 'ended');
    // When it was not needed, the next one is not to be held back.
    const blockedUntil = ended ? 0 : context.now() + blockMs;
    await memory.endEpoch(cluster, group, { epoch, blockedUntil });
    context.record({ closedAt: context.now(), summary });
    if (ended) return;
    const newMaster = fact(context, 'election')?.winner ?? '';
    const message = `${newMaster} has replaced ${master} as master of group ${group}`;
    await tellHistory(memory, context, 'decision', 'failover-completed', message, summary);
    await tell(notifier, context, 'failover-completed', null, message, summary);
  }

  /** The next failover of the group has to wait for this one to end, so that a proxy is waited for no longer than the group is blocked anyway. */
  private async gaveUp(context: FailoverContext, blockMs: number): Promise<boolean> {
    const { cluster, group } = context.input;
    const waitedMs = context.now() - (fact(context, 'closedAt') ?? context.now());
    if (waitedMs < timing.proxyAwayLeast) return false;
    const { blockedUntil } = await this.parts.memory.group(cluster, group);
    const isBlocked = blockedUntil > context.now();
    return !isBlocked || waitedMs > Math.min(blockMs, timing.proxyAwayMost);
  }

  private async forget(context: FailoverContext, { admin, why }: RemovedProxy): Promise<void> {
    const message = `the proxy ${admin} was removed from the router (${why}) and has not come back: register it again when it does`;
    await tellHistory(this.parts.memory, context, 'finding', 'proxy-removed', message);
    await tell(this.parts.notifier, context, 'finding', 'proxy-removed', message);
  }
}
