import { done, type Outcome, type Phase, wait } from '@slotferry/workflow';
import type { SwitchoverInput } from '../../definitions';
import { block, tolerant } from '../../outcomes';
import { lookAtCopies } from '../../slots/copies';
import { refsOf } from '../../slots/slot-lists';
import { type GroupLook, judgeCopies } from '../judge-copies';
import { Ledger } from '../handover/ledger';
import { openStage, type Stage, standingOf, type SwitchoverContext, type SwitchoverParts } from '../stage';
import { nearZeroBytes, timing } from '../timing';

/** Waits until the replica lacks hardly anything: what is missing then comes while clients wait. */
export class SwitchoverSync implements Phase<SwitchoverInput> {
  readonly workflow = 'switchover';
  readonly name = 'sync';

  constructor(private readonly parts: SwitchoverParts) {}

  run(context: SwitchoverContext): Promise<Outcome> {
    return tolerant(async () => {
      const stage = await openStage(this.parts.clusters, context.input);
      const { place, record, slots } = standingOf(await stage.cluster.router.view(), stage);
      if (place !== 'before') {
        new Ledger(context).recordOvertaken(record?.servers[0] ?? 'nobody');
        return done();
      }
      const [master, replica] = await Promise.all([
        lookAtCopies(stage.from, slots),
        lookAtCopies(stage.to, slots),
      ]);
      return judgeSync(context, stage, judgeCopies(refsOf(slots), master, replica));
    });
  }
}

function judgeSync(context: SwitchoverContext, stage: Stage, look: GroupLook): Outcome {
  const { loose, lagBytes, worstLagBytes } = look;
  const { lagThresholdBytes } = stage.cluster.definition.migration;
  if (loose[0]) return wait(loose[0].code, loose[0].message, timing.busyPoll);
  if (lagBytes <= nearZeroBytes && worstLagBytes <= lagThresholdBytes) return done({ lagBytes });
  if (isStuck(context, lagBytes)) {
    return block(
      'not-catching-up',
      `${stage.to.address} lacks ${lagBytes} bytes of binlog, and that did not become less for ${timing.syncStuck / 1_000} s`,
      'See whether clients write faster than it can follow, or whether it gets nothing at all (slotferry heal); or choose another replica.',
    );
  }
  const message = `${lagBytes} bytes of binlog are missing at ${stage.to.address}`;
  return wait('catching-up', message, timing.syncPoll, { lagBytes });
}

/** The smallest lag so far is remembered, with the time when it was reached. */
function isStuck(context: SwitchoverContext, lagBytes: number): boolean {
  const best = context.facts.bestLag as { readonly bytes: number; readonly at: number } | undefined;
  if (best && lagBytes >= best.bytes) return context.now() - best.at > timing.syncStuck;
  context.record({ bestLag: { bytes: lagBytes, at: context.now() } });
  return false;
}
