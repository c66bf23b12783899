import type { JsonObject } from '@slotferry/workflow';
import { fact, type FailoverContext } from './facts';

/** What a failover has come to: who, how fast, and what is known to be lost. Times in milliseconds since the master was first missed. */
export function summaryOf(context: FailoverContext): JsonObject {
  const { group, master, epoch } = context.input;
  const ended = fact(context, 'ended');
  if (ended) return { group, epoch, oldMaster: master, newMaster: null, ...ended };
  const election = fact(context, 'election');
  const detectedAt = fact(context, 'detectedAt') ?? context.state.startedAt;
  const since = (at: number | undefined): number | null => (at === undefined ? null : at - detectedAt);
  return {
    group,
    epoch,
    oldMaster: master,
    newMaster: election?.winner ?? null,
    lossBytes: election?.lossBytes ?? null,
    lossMs: election?.lossMs ?? null,
    detectedAt,
    agreedAfterMs: since(fact(context, 'agreedAt')),
    electedAfterMs: since(fact(context, 'electedAt')),
    promotedAfterMs: since(fact(context, 'promotedAt')),
    reroutedAfterMs: since(fact(context, 'reroutedAt')),
    removedProxies: (fact(context, 'removedProxies') ?? []).map(({ admin }) => admin),
    left: (fact(context, 'left') ?? []).map(({ node, why }) => `${node}: ${why}`),
  };
}
