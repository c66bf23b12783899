import { failed, done, type Outcome, type Phase, wait } from '@slotferry/workflow';
import type { SwitchoverInput } from '../../definitions';
import { block, tolerant } from '../../outcomes';
import { findRefusals } from '../rehearse';
import type { Refusal } from '../refusals/refusal';
import { openStage, type SwitchoverContext, type SwitchoverParts } from '../stage';
import { timing } from '../timing';

/** Waits for its time, looks at everything the group will meet on its way, asks those who may refuse, and changes nothing. */
export class SwitchoverPreflight implements Phase<SwitchoverInput> {
  readonly workflow = 'switchover';
  readonly name = 'preflight';

  constructor(private readonly parts: SwitchoverParts) {}

  run(context: SwitchoverContext): Promise<Outcome> {
    return tolerant(async () => {
      const stage = await openStage(this.parts.clusters, context.input);
      const refusals = await findRefusals(this.parts, stage, context.input, context.workflowId);
      const final = refusals.find((one) => one.final);
      if (final) return failed(problemOf(final), false);
      const rest = restUntil(context.input.notBefore, context.now());
      if (rest > 0) {
        return wait(
          'not-before',
          `begins at ${context.input.notBefore}`,
          Math.min(rest, timing.notBeforePoll),
        );
      }
      const [first, ...others] = refusals;
      if (first)
        return block(first.code, [first, ...others].map(({ message }) => message).join('; '), first.remedy);
      return this.ask(context);
    });
  }

  private async ask(context: SwitchoverContext): Promise<Outcome> {
    const { cluster, group, from, to } = context.input;
    const { veto, deliveries } = await this.parts.notifier.before({
      event: 'switchover-starting',
      cluster,
      group,
      workflow: context.workflowId,
      at: context.now(),
      code: null,
      message: `${to} is about to become the master of group ${group} in place of ${from}`,
      details: { from, to },
    });
    if (deliveries.length > 0) context.step('asked', { deliveries: [...deliveries] });
    if (veto === null || context.approved('vetoed')) return done();
    return block(
      'vetoed',
      `a hook refused the switchover: ${veto}`,
      'Wait until it agrees, or go on in spite of it: slotferry workflow approve <id> --code vetoed',
    );
  }
}

function restUntil(notBefore: string, now: number): number {
  return notBefore === '' ? 0 : Date.parse(notBefore) - now;
}

function problemOf({ code, message, remedy }: Refusal): { code: string; message: string; remedy: string } {
  return { code, message, remedy };
}
