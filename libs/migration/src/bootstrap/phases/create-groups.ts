import { compareWithRouter } from '@slotferry/cluster';
import type { OpenCluster } from '@slotferry/inventory';
import { CodisError } from '@slotferry/codis';
import { done, type Outcome } from '@slotferry/workflow';
import { type BootstrapContext, BootstrapPhase } from '../bootstrap-phase';

/** Tells the router the groups, their servers with the master first, and the proxies that the definition names. */
export class BootstrapCreateGroups extends BootstrapPhase {
  readonly name = 'create-groups';

  protected async work(context: BootstrapContext, cluster: OpenCluster): Promise<Outcome> {
    const { router, definition } = cluster;
    const view = await router.view();
    for (const difference of compareWithRouter(definition, view)) {
      if (difference.kind === 'group-missing') {
        const { group } = difference;
        await this.tell(context, cluster, `create group ${group}`, (gate) => router.createGroup(group, gate));
      }
      if (difference.kind === 'server-missing') {
        const { group, server } = difference;
        await this.tell(context, cluster, `add ${server} to group ${group}`, (gate) =>
          router.addServer(group, server, gate),
        );
      }
    }
    const known = new Set(view.proxies.map(({ admin }) => admin));
    for (const admin of definition.router.proxies.filter((one) => !known.has(one))) {
      await this.tell(context, cluster, `register proxy ${admin}`, (gate) => router.addProxy(admin, gate));
    }
    return done();
  }

  private async tell(
    context: BootstrapContext,
    { router }: OpenCluster,
    action: string,
    send: (gate: () => void) => Promise<void>,
  ): Promise<void> {
    const target = `${router.kind} ${router.address}`;
    await context.command({ target, action, send }).catch((error: unknown) => {
      if (!(error instanceof CodisError) || !alreadyDone.has(error.code)) throw error;
    });
  }
}

/** Answers that mean somebody was faster. */
const alreadyDone = new Set<string>(['group-exists', 'server-exists', 'proxy-exists']);
