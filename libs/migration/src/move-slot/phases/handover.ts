import { type Outcome, type Phase, wait } from '@slotferry/workflow';
import type { ClusterSource } from '@slotferry/inventory';
import type { MoveSlotInput } from '../../definitions';
import { beingCreated, CreationWatch } from '../creation-watch';
import { tolerant } from '../../outcomes';
import { type Cast, type MoveContext, requireCast } from '../cast';
import { chooseWay, HoldAbilities } from '../handover/choose-way';
import { HandoverRun } from '../handover/handover-run';
import { type WindowsByCluster } from '../handover/hold-windows';
import { OrderByCluster } from '../handover/turn-order';
import { ProxyHandover } from '../handover/proxy-handover';

/** The parent wakes earlier. In milliseconds. */
const creationPollMs = 10_000;

/** Hold, drain and confirm-route: one job, because every step between them costs clients time. */
export class Handover implements Phase<MoveSlotInput> {
  readonly workflow = 'move-slot';
  readonly name = 'handover';

  private readonly orders = new OrderByCluster();
  private readonly abilities = new HoldAbilities();
  private readonly creation = new CreationWatch();

  constructor(
    private readonly clusters: ClusterSource,
    private readonly windows: WindowsByCluster,
  ) {}

  run(context: MoveContext): Promise<Outcome> {
    return tolerant(async () => {
      const { awaitsCreation, to } = context.input;
      if (awaitsCreation && !(await this.creation.isOver(context))) {
        return wait(
          beingCreated,
          `slots are still being created on group ${to}: its clients would notice`,
          creationPollMs,
        );
      }
      const cast = await requireCast(context, this.clusters);
      const way = await chooseWay(context, cast, this.abilities);
      if (typeof way !== 'string') return way;
      return way === 'proxies' ? this.atProxies(context, cast).run() : this.byRouter(context, cast).run();
    });
  }

  undo(context: MoveContext): Promise<Outcome> {
    return tolerant(async () => {
      const cast = await requireCast(context, this.clusters);
      const atProxies = context.facts.heldAtProxies === true || context.facts.holdUnsure === true;
      return atProxies ? this.atProxies(context, cast).undo() : this.byRouter(context, cast).undo();
    });
  }

  private byRouter(context: MoveContext, cast: Cast): HandoverRun {
    return new HandoverRun(context, cast, this.orders.of(context.input.cluster));
  }

  private atProxies(context: MoveContext, cast: Cast): ProxyHandover {
    return new ProxyHandover(context, cast, this.windows.of(context.input.cluster));
  }
}
