import type { Outcome, Phase } from '@slotferry/workflow';
import type { ClusterSource } from '@slotferry/inventory';
import type { MoveSlotInput } from '../../definitions';
import { tolerant } from '../../outcomes';
import { type Cast, type MoveContext, requireCast } from '../cast';
import { chooseWay } from '../handover/choose-way';
import { HandoverRun } from '../handover/handover-run';
import { PermitsByCluster } from '../handover/hold-permits';
import { ProxyHandover } from '../handover/proxy-handover';

/** Hold, drain and confirm-route: one job, because every step between them costs clients time. */
export class Handover implements Phase<MoveSlotInput> {
  readonly workflow = 'move-slot';
  readonly name = 'handover';

  private readonly permits = new PermitsByCluster();

  constructor(private readonly clusters: ClusterSource) {}

  run(context: MoveContext): Promise<Outcome> {
    return tolerant(async () => {
      const cast = await requireCast(context, this.clusters);
      const way = await chooseWay(context, cast);
      if (typeof way !== 'string') return way;
      return way === 'proxies' ? this.atProxies(context, cast).run() : new HandoverRun(context, cast).run();
    });
  }

  undo(context: MoveContext): Promise<Outcome> {
    return tolerant(async () => {
      const cast = await requireCast(context, this.clusters);
      const atProxies = context.facts.heldAtProxies === true || context.facts.holdUnsure === true;
      return atProxies ? this.atProxies(context, cast).undo() : new HandoverRun(context, cast).undo();
    });
  }

  private atProxies(context: MoveContext, cast: Cast): ProxyHandover {
    return new ProxyHandover(context, cast, this.permits.of(context.input.cluster));
  }
}
