import type { RouterView, SlotRoute } from '@slotferry/cluster';
import { CodisError, type CodisErrorCode } from '@slotferry/codis';
import type { OpenCluster } from '@slotferry/inventory';
import { sleep, systemClock } from '@slotferry/platform';
import { type Outcome, wait } from '@slotferry/workflow';
import { asJson, fact, type FailoverContext } from './facts';
import { viewOf } from './router-view';
import { describeSlots } from '../slots/slot-lists';
import { timing } from './timing';

/**
 * Ends the router's own handovers from and to the group. Promoted while one is under way, the router would ask about a slave that the new
 * master does not have, take the answer for "finished", and send clients to a copy that is not whole. Null when there is none.
 */
export async function clearHandovers(
  context: FailoverContext,
  cluster: OpenCluster,
  view: RouterView,
): Promise<Outcome | null> {
  const touching = handoversOf(view, context.input.group);
  if (touching.length === 0 && view.handovers.executing === 0) return null;
  if (!view.handovers.disabled) await disableHandovers(context, cluster);
  const calm = await untilNoneExecutes(context, cluster);
  if (!calm)
    return wait('handover-executing', 'the router still looks at the source of a handover', timing.hotPoll);
  for (const route of handoversOf(calm, context.input.group)) await takeBack(context, cluster, route);
  const left = handoversOf(await viewOf(cluster), context.input.group);
  if (left.length === 0) return null;
  return wait('handover-under-way', `the router still hands over ${describeSlots(left)}`, timing.retry);
}

/** Starts them again if this failover has stopped them. */
export async function enableHandovers(context: FailoverContext, { router }: OpenCluster): Promise<void> {
  if (fact(context, 'handoversDisabled') !== true) return;
  await context.command({
    target: 'dashboard',
    action: 'enable handovers again',
    send: (gate) => router.setHandoversDisabled(false, gate),
  });
  context.record(asJson({ handoversDisabled: false }));
}

async function disableHandovers(context: FailoverContext, { router }: OpenCluster): Promise<void> {
  await context.command(
    {
      target: 'dashboard',
      action: 'disable handovers',
      send: (gate) => router.setHandoversDisabled(true, gate),
    },
    { facts: asJson({ handoversDisabled: true }) },
  );
}

/** What finishes by itself is left to it: its proxies have switched. */
function handoversOf({ routes }: RouterView, group: number): SlotRoute[] {
  return routes.filter(
    ({ group: owner, handover }) =>
      handover !== null && handover.state !== 'finishing' && (owner === group || handover.target === group),
  );
}

async function untilNoneExecutes(context: FailoverContext, cluster: OpenCluster): Promise<RouterView | null> {
  const deadline = systemClock.monotonicMs() + timing.executorLimit;
  for (;;) {
    const view = await viewOf(cluster);
    if (view.handovers.executing === 0) return view;
    if (systemClock.monotonicMs() > deadline) return null;
    await sleep(timing.hotPoll, context.signal);
  }
}

/** Queued, it is withdrawn; begun, the slot is assigned to where it comes from, which has all of it: no client was sent to the target. */
async function takeBack(
  context: FailoverContext,
  { router }: OpenCluster,
  { handover, group, ...ref }: SlotRoute,
): Promise<void> {
  if (!handover || group === null) return;
  const slots = describeSlots([ref]);
  if (handover.state === 'queued') {
    await tolerating(['no-action', 'action-not-pending'], () =>
      context.command({
        target: 'dashboard',
        action: `withdraw the handover of ${slots} to group ${handover.target}`,
        send: (gate) => router.withdrawHandover(ref, gate),
      }),
    );
    return;
  }
  // A dead proxy makes it answer an error though it is stored and in force on the others.
  await tolerating(['proxy-failed'], () =>
    context.command({
      target: 'dashboard',
      action: `assign ${slots} to group ${group}, which has it, instead of handing it over to group ${handover.target}`,
      send: (gate) => router.assign([ref], group, gate),
    }),
  );
}

async function tolerating(codes: readonly CodisErrorCode[], work: () => Promise<void>): Promise<void> {
  await work().catch((error: unknown) => {
    if (!(error instanceof CodisError && codes.includes(error.code))) throw error;
  });
}
