import { done, type Outcome, type Phase } from '@slotferry/workflow';
import type { SwitchoverInput } from '../../definitions';
import { tolerant } from '../../outcomes';
import { HandoverRun } from '../handover/handover-run';
import { Ledger } from '../handover/ledger';
import { undoHandover } from '../handover/undo-handover';
import { openStage, type SwitchoverContext, type SwitchoverParts } from '../stage';

/** Hold, drain, detach and promote: one job, because every step between them costs clients time. */
export class SwitchoverHandover implements Phase<SwitchoverInput> {
  readonly workflow = 'switchover';
  readonly name = 'handover';

  constructor(private readonly parts: SwitchoverParts) {}

  run(context: SwitchoverContext): Promise<Outcome> {
    if (new Ledger(context).overtaken) return Promise.resolve(done());
    return tolerant(async () => {
      const stage = await openStage(this.parts.clusters, context.input);
      return new HandoverRun(context, stage, this.parts).run();
    });
  }

  undo(context: SwitchoverContext): Promise<Outcome> {
    return tolerant(async () => undoHandover(context, await openStage(this.parts.clusters, context.input)));
  }
}
