import { CodisError } from '@slotferry/codis';
import type { RouterView } from '@slotferry/cluster';
import { sleep } from '@slotferry/platform';
import { PathProblem } from '../path-problem';
import type { Stage, SwitchoverContext } from '../stage';
import { timing } from '../timing';
import type { Ledger } from './ledger';

/**
 * Makes the router begin no handovers, and waits until none of its looks at a source is under way: it refuses promotions meanwhile.
 * Throws a PathProblem while a handover, of whatever group, makes clients wait: they must not wait for this switchover, too.
 */
export async function quietRouter(context: SwitchoverContext, stage: Stage, ledger: Ledger): Promise<void> {
  const { router } = stage.cluster;
  const view = await router.view();
  requireNobodyHeld(view);
  if (!view.handovers.disabled) {
    await context.command(
      {
        target: `${router.kind} ${router.address}`,
        action: 'disable handovers',
        send: (gate) => router.setHandoversDisabled(true, gate),
      },
      { facts: { pausedRouter: true } },
    );
  }
  const limit = performance.now() + timing.executorLimit;
  for (;;) {
    const { handovers } = await router.view();
    if (handovers.executing === 0 && handovers.disabled) return;
    if (performance.now() > limit) {
      await wakeRouter(context, stage, ledger);
      throw new PathProblem(
        'handovers-executing',
        `${handovers.executing} handovers are being carried out at the router`,
      );
    }
    await sleep(timing.executorPoll);
  }
}

/** Lets the router begin handovers again, if it was this switchover that forbade it. Throws CodisError. */
export async function wakeRouter(context: SwitchoverContext, stage: Stage, ledger: Ledger): Promise<void> {
  if (!ledger.pausedRouter) return;
  const { router } = stage.cluster;
  await context.command({
    target: `${router.kind} ${router.address}`,
    action: 'enable handovers',
    send: (gate) => router.setHandoversDisabled(false, gate),
  });
  context.record({ pausedRouter: false });
}

/** The same where a router that is away must not stand in the way: it is woken later, because the fact remains. */
export async function wakeRouterIfItAnswers(
  context: SwitchoverContext,
  stage: Stage,
  ledger: Ledger,
): Promise<void> {
  await wakeRouter(context, stage, ledger).catch((error: unknown) => {
    if (!(error instanceof CodisError)) throw error;
  });
}

function requireNobodyHeld({ routes }: RouterView): void {
  const held = routes.find(({ handover }) => handover && handover.state !== 'queued');
  if (!held) return;
  throw new PathProblem(
    'handover-under-way',
    `the router hands slot ${held.slot} of group ${held.group} over at this moment`,
  );
}
