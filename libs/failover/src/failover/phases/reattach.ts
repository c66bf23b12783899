import type { OpenCluster } from '@slotferry/inventory';
import { done, type Outcome, wait } from '@slotferry/workflow';
import { isGone } from '../converge';
import { type FailoverContext, keep, type LeftReplica, requiredFact } from '../facts';
import { FailoverPhase } from '../failover-phase';
import { winnerOf } from '../hold-election';
import { reattachReplica, type Reattached } from '../reattach-replica';
import { timing } from '../timing';

const pollMs = 50;

/**
 * Lets the other replicas follow the new master where that is plainly right. Whatever is not (a copy with more than the new master, one
 * that is not whole, a node that is away) is recorded and left to the watch, which mends replicas one by one.
 */
export class Reattach extends FailoverPhase {
  readonly name = 'reattach';

  protected async work(context: FailoverContext, cluster: OpenCluster): Promise<Outcome> {
    const { cluster: name, group, master } = context.input;
    const others = requiredFact(context, 'servers').filter(
      (node) => node !== master && node !== winnerOf(context),
    );
    const { promotion } = await this.parts.memory.group(name, group);
    if (promotion?.workflow !== context.workflowId) {
      const why = 'another promotion has been recorded since';
      return this.leave(
        context,
        others.map((node) => ({ node, why })),
      );
    }
    const looks = await Promise.all(
      others.map(async (node) => {
        const look = await this.look(context, cluster, node, promotion.positions);
        return typeof look === 'string' ? { node, busy: false, left: [look] } : { node, ...look };
      }),
    );
    const busy = looks.filter((look) => look.busy);
    if (busy.length > 0 && context.elapsedMs() < timing.reattachLimit) {
      const nodes = busy.map(({ node }) => node).join(', ');
      return wait('reattaching', `${nodes}: not all slots follow ${winnerOf(context)} yet`, pollMs);
    }
    const late = `did not follow within ${timing.reattachLimit} ms`;
    return this.leave(
      context,
      looks.flatMap(({ node, busy: isBusy, left }) =>
        [...left, ...(isBusy ? [late] : [])].map((why) => ({ node, why })),
      ),
    );
  }

  private async look(
    context: FailoverContext,
    cluster: OpenCluster,
    node: string,
    positions: Parameters<typeof reattachReplica>[3],
  ): Promise<Reattached | string> {
    return reattachReplica(context, cluster, cluster.node(node), positions).catch((error: unknown) => {
      if (!isGone(error)) throw error;
      return error.message;
    });
  }

  private leave(context: FailoverContext, left: readonly LeftReplica[]): Outcome {
    keep(context, { left });
    for (const { node, why } of left) context.step(`left ${node} to the watch`, why);
    return done({ left: left.length });
  }
}
