import { done, type Outcome, type Phase, SteeringRefused } from '@slotferry/workflow';
import { groupResource, type SwitchoverInput } from '../../definitions';
import { tolerant } from '../../outcomes';
import { Ledger } from '../handover/ledger';
import type { SwitchoverContext, SwitchoverParts } from '../stage';

/** Tells everybody: workflows that began meanwhile, the history, and the hooks. */
export class SwitchoverClose implements Phase<SwitchoverInput> {
  readonly workflow = 'switchover';
  readonly name = 'close';

  constructor(private readonly parts: SwitchoverParts) {}

  run(context: SwitchoverContext): Promise<Outcome> {
    return tolerant(async () => {
      const ledger = new Ledger(context);
      if (!ledger.overtaken) await this.tellOthers(context);
      await this.tell(context, ledger);
      return done({ overtaken: ledger.overtaken, heldMs: ledger.heldMs });
    });
  }

  /** Whoever works on the group and began before the promotion still knows the old master. */
  private async tellOthers({ workflowId, input }: SwitchoverContext): Promise<void> {
    const { engine } = this.parts;
    const touches = groupResource(input.cluster, input.group);
    const open = await engine.list({ touches, open: true, limit: 1_000 });
    for (const { id } of open.filter((one) => one.id !== workflowId)) {
      const request = {
        kind: 'change',
        settings: { masters: { [String(input.group)]: input.to } },
        reason: `switchover ${workflowId}`,
      } as const;
      const options = { actor: `worker:${workflowId}`, commandId: workflowId };
      await engine.steer(id, request, options).catch((error: unknown) => {
        if (!(error instanceof SteeringRefused)) throw error; // It has ended meanwhile.
      });
    }
  }

  private async tell(context: SwitchoverContext, ledger: Ledger): Promise<void> {
    const { cluster, group, from, to } = context.input;
    const lossBytes = Number(context.facts.lossBytes ?? 0);
    const code = ledger.overtaken ? 'switchover-overtaken' : 'switchover-completed';
    const message = ledger.overtaken
      ? `the switchover of group ${group} to ${to} was left: ${ledger.overtakenBy ?? 'another node'} became its master meanwhile`
      : `${to} is the master of group ${group} in place of ${from}`;
    const details = { from, to, heldMs: ledger.heldMs, lossBytes, unheld: ledger.unheld };
    const at = context.now();
    const about = { group, at, code, message, workflow: context.workflowId, details };
    if (context.facts.told !== true)
      await this.parts.memory.addHistory(cluster, { ...about, kind: 'operator' });
    await context.persist({ facts: { told: true } });
    const deliveries = await this.parts.notifier.after({
      ...about,
      cluster,
      event: ledger.overtaken ? 'switchover-cancelled' : 'switchover-completed',
    });
    if (deliveries.length > 0) context.step('told', { deliveries: [...deliveries] });
  }
}
