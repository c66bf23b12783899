import { formatPosition, isPositionZero } from '@slotferry/cluster';
import { PikaError, type PikaNode, type SlotInfo } from '@slotferry/pika';
import { done, type Outcome, type Phase, wait } from '@slotferry/workflow';
import type { ClusterSource } from '@slotferry/inventory';
import type { MoveSlotInput } from '../../definitions';
import { noteOrigin } from '../../attachment/drive-attachment';
import { block, tolerant } from '../../outcomes';
import { type Cast, type MoveContext, recallCast, requireCast } from '../cast';
import { discardApproval } from '../approvals';
import { adoptedFact, beganEmpty, createdByUs, createdFact } from '../created-slots';
import { leftBehind } from '../left-behind';

/** Creates the empty slot on every node of the target group. */
export class CreateSlots implements Phase<MoveSlotInput> {
  readonly workflow = 'move-slot';
  readonly name = 'create-slots';

  constructor(private readonly clusters: ClusterSource) {}

  run(context: MoveContext): Promise<Outcome> {
    return tolerant(async () => {
      const cast = await requireCast(context, this.clusters);
      for (const node of targets(cast)) {
        const info = await node.slot(cast.slot, cast.table);
        if (!info) await create(context, cast, node);
        else if (context.input.prepared) adopt(context, node, context.input.prepared.source);
        else if (!mayUse(context, cast, node, info)) return refuse(cast, node, info);
        else if (isFree(info) && !beganEmpty(context, node.address))
          context.record(adoptedFact(node.address));
      }
      return done();
    });
  }

  undo(context: MoveContext): Promise<Outcome> {
    return tolerant(async () => {
      const cast = await recallCast(context, this.clusters);
      if (!cast) return done();
      const { group } = await cast.cluster.router.route(cast.ref);
      if (group === cast.to) {
        return block(
          'slot-in-use',
          `slot ${cast.slot} belongs to group ${cast.to} now; its copies are not deleted`,
          'Retry the move instead of cancelling it.',
        );
      }
      for (const node of [...targets(cast)].reverse()) {
        if (!createdByUs(context, node.address)) continue;
        const info = await node.slot(cast.slot, cast.table);
        if (!info) continue;
        if (info.following || info.slaves.length > 0) {
          return wait('slot-in-syncing', `${node.address} still has an attachment of slot ${cast.slot}`, 300);
        }
        await remove(context, cast, node);
      }
      return leftBehind(cast);
    });
  }
}

/** The parent created it empty and let it follow the source's master, as that was then. */
function adopt(context: MoveContext, node: PikaNode, origin: string): void {
  if (beganEmpty(context, node.address)) return;
  context.record(adoptedFact(node.address));
  noteOrigin(context, node.address, origin);
}

function targets(cast: Cast): readonly PikaNode[] {
  return [cast.targetMaster, ...cast.targetReplicas];
}

async function create(context: MoveContext, cast: Cast, node: PikaNode): Promise<void> {
  const { slot, table } = cast;
  const command = {
    target: `pika ${node.address}`,
    action: `create slot ${slot}${table === 0 ? '' : ` of table ${table}`}`,
    send: (gate: () => void) => node.addSlots([slot], table, gate),
  };
  await context.command(command, { facts: createdFact(node.address) }).catch((error: unknown) => {
    if (!(error instanceof PikaError) || error.code !== 'slot-exists') throw error;
  });
}

async function remove(context: MoveContext, cast: Cast, node: PikaNode): Promise<void> {
  await context.command({
    target: `pika ${node.address}`,
    action: `delete slot ${cast.slot} again`,
    send: (gate) => node.deleteSlots([cast.slot], cast.table, gate),
  });
}

/** A slot that is there already: ours, empty, or on its way here from the right master. */
function mayUse(context: MoveContext, cast: Cast, node: PikaNode, info: SlotInfo): boolean {
  if (beganEmpty(context, node.address) || context.approved(discardApproval)) return true;
  const master = node === cast.targetMaster ? cast.sourceMaster.address : cast.targetMaster.address;
  if (info.following) return [master, ...cast.mayBeFollowed].includes(info.following.master);
  return isFree(info);
}

function isFree(info: SlotInfo): boolean {
  return isPositionZero(info.position) && !info.following;
}

function refuse(cast: Cast, node: PikaNode, info: SlotInfo): Outcome {
  const { slot } = cast;
  const what = info.following
    ? `follows ${info.following.master}`
    : `has a position of its own, ${formatPosition(info.position)}`;
  return block(
    discardApproval,
    `${node.address} already holds a copy of slot ${slot} that ${what}. Attached plainly it could look healthy and stay different for ever`,
    `Look what it holds; then delete the slot there, or let it be replaced by a full copy: slotferry workflow approve <id> --code ${discardApproval}`,
  );
}
