import {
  type Attachment,
  isPositionZero,
  judgeAttachment,
  keyOf,
  type RouterView,
  type SlotMove,
} from '@slotferry/cluster';
import type { OpenCluster } from '@slotferry/inventory';
import { PikaError, type PikaNode, type SlotInfo } from '@slotferry/pika';
import {
  announceChanges,
  attachedSlots,
  type Creation,
  createdSlots,
  type EarlyAttachment,
} from './made-slots';
import type { RebalanceContext } from './rebalance-phase';

/** From then on the move looks after an attachment itself, in milliseconds: it knows what to do when one does not get on. */
const patienceMs = 3_000;

/** The nodes that some moves have in common. */
interface Path {
  readonly table: number;
  readonly source: PikaNode;
  readonly target: PikaNode;
  readonly replicas: readonly PikaNode[];
}

/** Moves that are better started a little later, and what goes on. */
export interface GotReady {
  /** Their slots are being attached, by `table/slot`. */
  readonly notYet: ReadonlySet<string>;
  /** Creates what was to be created next. */
  readonly create: () => Promise<void>;
}

/**
 * Attaches slots that this rebalance created, many with one command, long before their moves hand them over: their moves then find it
 * done. Only slots of which the source still has the first binlog file: an attachment of these never costs a full copy, and is right on
 * an empty slot. Everything else, and whatever is not as expected, is left to the moves themselves. Returns those that get on better when
 * they are started a little later.
 * @param next slots to be created afterwards, announced together with the attachments
 */
export async function getReady(
  context: RebalanceContext,
  cluster: OpenCluster,
  view: RouterView,
  moves: readonly SlotMove[],
  next: readonly Creation[] = [],
): Promise<GotReady> {
  const plans = await Promise.all(
    [...pathsOf(cluster, view, moves)].map(([path, slots]) =>
      planPath(context, path, slots).catch((error: unknown) => unplanned(error, path, slots)),
    ),
  );
  const all = plans.flatMap((plan) => plan.attachments.map((attachment) => ({ plan, attachment })));
  const announced = await announceChanges(
    context,
    all.map(({ attachment }) => attachment),
    next,
  );
  const sent = await Promise.allSettled(announced.attach.map((send) => send()));
  const refused = all.map(({ plan: { path, slots } }, index) => {
    const result = sent[index];
    return result?.status === 'rejected' ? unplanned(result.reason, path, slots) : null;
  });
  const late = [...plans, ...refused.filter((one) => one !== null)].flatMap(({ path, late }) =>
    late.map((slot) => keyOf({ table: path.table, slot })),
  );
  return { notYet: new Set(late), create: () => announced.create() };
}

/** What is to be attached for the slots of one path. */
interface PathPlan {
  readonly path: Path;
  readonly slots: readonly number[];
  readonly attachments: readonly EarlyAttachment[];
  /** Those to be waited for. */
  readonly late: readonly number[];
}

/** A node could not be asked, or refused. Of any error but that it is busy the moves say what it means when they meet it. */
function unplanned(error: unknown, path: Path, slots: readonly number[]): PathPlan {
  if (!(error instanceof PikaError)) throw error;
  return { path, slots, attachments: [], late: error.code === 'busy' ? slots : [] };
}

async function planPath(context: RebalanceContext, path: Path, slots: readonly number[]): Promise<PathPlan> {
  const { table, source, target, replicas } = path;
  const created = createdSlots(context, [target, ...replicas], table);
  const ours = slots.filter((slot) => created.has(slot));
  if (ours.length === 0) return { path, slots, attachments: [], late: [] };
  const [atSource, atTarget, ...atReplicas] = await Promise.all(
    [source, target, ...replicas].map((node) => node.slots(ours, table)),
  );
  const light = ours.filter((slot) => isLight(atSource?.get(slot)));
  const now = context.now();
  const attached = attachedSlots(context);
  const look = (follower: PikaNode, its: Infos, master: PikaNode, masters: Infos, slot: number): Look => {
    const info = its?.get(slot) ?? null;
    const other = { address: master.address, info: masters?.get(slot) ?? null };
    const at = judgeAttachment({ address: follower.address, info }, other, null, now);
    // Connected proves nothing: a master without the first of its binlog never sends anything.
    const begun = at.kind === 'following' && (at.met || (info !== null && !isPositionZero(info.position)));
    return {
      slot,
      isFree: isFree(at),
      isUnderWay: at.kind === 'connecting' || at.kind === 'following',
      begun,
    };
  };
  const atMaster = light.map((slot) => look(target, atTarget, source, atSource, slot));
  const ready = atMaster.filter(({ begun }) => begun).map(({ slot }) => slot);
  const followers = [
    { follower: target, master: source, looks: atMaster },
    ...replicas.map((replica, index) => ({
      follower: replica,
      master: target,
      looks: ready.map((slot) => look(replica, atReplicas[index], target, atTarget, slot)),
    })),
  ];
  const attachments = followers
    .map(({ looks, ...who }) => ({ ...who, table, source, target, slots: freeOf(looks) }))
    .filter((one) => one.slots.length > 0);
  // Only the masters' copies are worth waiting for: a replica that has just been attached has begun before its move comes to it.
  const since = (slot: number): number => attached[keyOf({ table, slot })]?.at ?? now;
  const isLate = ({ slot, isFree, isUnderWay, begun }: Look): boolean =>
    isFree || (isUnderWay && !begun && now - since(slot) < patienceMs);
  return { path, slots, attachments, late: atMaster.filter(isLate).map(({ slot }) => slot) };
}

/** How far a slot of a follower is. */
interface Look {
  readonly slot: number;
  /** Empty, and follows nobody. */
  readonly isFree: boolean;
  readonly isUnderWay: boolean;
  /** It gets what its master has, or has it. */
  readonly begun: boolean;
}

type Infos = ReadonlyMap<number, SlotInfo> | undefined;

/** The source still has everything that was ever written to the slot: nothing of it is in a later file than the first. */
function isLight(info: SlotInfo | undefined): boolean {
  return info !== undefined && info.following === null && info.position.file === 0;
}

function freeOf(looks: readonly Look[]): number[] {
  return looks.filter((one) => one.isFree).map(({ slot }) => slot);
}

function isFree(at: Attachment): boolean {
  return at.kind === 'detached' && at.position.file === 0 && at.position.offset === 0;
}

function pathsOf(cluster: OpenCluster, view: RouterView, moves: readonly SlotMove[]): Map<Path, number[]> {
  const servers = new Map(view.groups.map((group) => [group.id, group.servers]));
  const slots = new Map<string, { readonly path: Path; readonly slots: number[] }>();
  for (const { table, slot, from, to } of moves) {
    const name = `${table} ${from} ${to}`;
    const known = slots.get(name);
    if (known) {
      known.slots.push(slot);
      continue;
    }
    const [source] = servers.get(from) ?? [];
    const [target, ...replicas] = servers.get(to) ?? [];
    if (source === undefined || target === undefined) continue;
    const path = {
      table,
      source: cluster.node(source),
      target: cluster.node(target),
      replicas: replicas.map((address) => cluster.node(address)),
    };
    slots.set(name, { path, slots: [slot] });
  }
  return new Map([...slots.values()].map((one) => [one.path, one.slots]));
}
