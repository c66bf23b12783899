import type { SendGate, SlotRef } from '@slotferry/cluster';
import { describeSlots, keyOf } from '../../slots/slot-lists';
import { lookAtSlots } from '../../slots/look-at-slots';
import type { RejoinContext, RejoinScene } from '../rejoin-scene';
import { type AttachMemory, rememberAttachments } from './attach-memory';
import type { RejoinStep } from './plan-step';

/** What is to be done for one slot. */
export interface Planned {
  readonly ref: SlotRef;
  readonly step: RejoinStep;
}

/** Full copies under way at the same time: each reads a whole slot of a master that serves clients. */
const fullCopiesAtOnce = 2;
/** Slots of one command that attaches plainly, and of those that are on their way. */
const plainAtOnce = 64;
/** Slots created between two looks, one a command: each holds up the data commands of its node for about 70 ms. */
const createdPerLook = 16;

/** Sends what the steps ask for, as far as the bounds allow. Says what was sent, for people; null when it was nothing. */
export async function sendSteps(
  context: RejoinContext,
  scene: RejoinScene,
  steps: readonly Planned[],
  memory: AttachMemory,
): Promise<string | null> {
  const chosen = (kind: Planned['step']['kind']): SlotRef[] =>
    steps.filter(({ step }) => step.kind === kind).map(({ ref }) => ref);
  const underWay = chosen('wait');
  const copying = underWay.filter((ref) => memory.forced.has(keyOf(ref)));
  const full = chosen('full-copy').slice(0, Math.max(0, fullCopiesAtOnce - copying.length));
  const plain = chosen('attach').slice(0, Math.max(0, plainAtOnce - (underWay.length - copying.length)));
  const created = chosen('create').slice(0, createdPerLook);
  const detached = chosen('detach');
  await create(context, scene, created);
  await eachTable(detached, (slots, table) => detach(context, scene, slots, table));
  await eachTable(plain, (slots, table) => attach(context, scene, memory, slots, table));
  await eachTable(full, (slots, table) => replace(context, scene, memory, slots, table));
  const all = [...created, ...detached, ...plain, ...full];
  return all.length === 0 ? null : `${describeSlots(all)} are being attached`;
}

async function eachTable(
  refs: readonly SlotRef[],
  act: (slots: readonly SlotRef[], table: number) => Promise<void>,
): Promise<void> {
  for (const table of new Set(refs.map((ref) => ref.table))) {
    await act(
      refs.filter((ref) => ref.table === table),
      table,
    );
  }
}

async function create(context: RejoinContext, scene: RejoinScene, slots: readonly SlotRef[]): Promise<void> {
  for (const ref of slots) {
    await tell(context, scene, `create ${describeSlots([ref])}`, (gate) =>
      scene.node.addSlots([ref.slot], ref.table, gate),
    );
  }
}

async function detach(
  context: RejoinContext,
  scene: RejoinScene,
  slots: readonly SlotRef[],
  table: number,
): Promise<void> {
  await tell(context, scene, `detach ${describeSlots(slots)}`, (gate) =>
    scene.node.detach(numbers(slots), table, gate),
  );
}

async function attach(
  context: RejoinContext,
  scene: RejoinScene,
  memory: AttachMemory,
  slots: readonly SlotRef[],
  table: number,
): Promise<void> {
  const now = context.now();
  for (const key of slots.map(keyOf)) {
    memory.attached.add(key);
    // What is asked again has its time anew.
    if (memory.waiting.has(key)) memory.waiting.set(key, now);
  }
  rememberAttachments(context, memory);
  const { address } = scene.master;
  await tell(context, scene, `attach ${describeSlots(slots)} to ${address}`, (gate) =>
    scene.node.attach({ master: address, slots: numbers(slots), table }, gate),
  );
}

/** Asked for a full copy of a slot that it lacks, the master's process would crash: it is looked at once more right before. */
async function replace(
  context: RejoinContext,
  scene: RejoinScene,
  memory: AttachMemory,
  wanted: readonly SlotRef[],
  table: number,
): Promise<void> {
  const held = await lookAtSlots(scene.master, wanted);
  const slots = wanted.filter((ref) => held.has(keyOf(ref)));
  if (slots.length === 0) return;
  for (const key of slots.map(keyOf)) memory.forced.add(key);
  rememberAttachments(context, memory);
  const { address } = scene.master;
  await tell(context, scene, `attach ${describeSlots(slots)} to ${address} with a full copy`, (gate) =>
    scene.node.attachWithFullCopy({ master: address, slots: numbers(slots), table }, gate),
  );
}

function tell(
  context: RejoinContext,
  { node }: RejoinScene,
  action: string,
  send: (gate: SendGate) => Promise<void>,
): Promise<void> {
  return context.command({ target: `pika ${node.address}`, action, send });
}

function numbers(slots: readonly SlotRef[]): number[] {
  return slots.map(({ slot }) => slot);
}
