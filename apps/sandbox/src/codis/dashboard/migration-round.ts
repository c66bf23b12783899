import { causeOf, refuse } from '../protocol/codis-error';
import { type SlotMapping } from '../protocol/models';
import { type Executor, newExecutor } from './executor';
import { resyncSlots } from './resync';
import { type Topom } from './topom';

/**
 * Works until no slot can be taken up: one slot per group and round, all of a round awaited before the next.
 * @throws CodisError the first error of a preparation (which ends the round at once) or of a step
 */
export async function processSlotActions(topom: Topom): Promise<void> {
  for (;;) {
    await topom.gate.pass();
    const picked = await prepareRound(topom);
    if (picked.length === 0) return;
    const errors = await Promise.all(picked.map((slotId) => migrate(topom, slotId)));
    const failed = errors.find((error) => error !== undefined);
    if (failed !== undefined) throw failed;
    await topom.rest(topom.config.timings.roundMs);
  }
}

async function prepareRound(topom: Topom): Promise<number[]> {
  const groups = new Set<number>();
  const picked = new Set<number>();
  const fits = ({ id, group_id, action }: SlotMapping): boolean =>
    !picked.has(id) && !groups.has(group_id) && !groups.has(action.target_id ?? 0);
  for (;;) {
    const slotId = await topom.locked(async () => {
      const slot = nextSlot(topom, fits);
      if (!slot) return undefined;
      if (slot.group_id !== 0) groups.add(slot.group_id);
      groups.add(slot.action.target_id ?? 0);
      picked.add(slot.id);
      await prepare(topom, slot);
      return slot.id;
    });
    if (slotId === undefined) return [...picked];
  }
}

/** Whatever was begun goes first, by index; then what is pending, unless that is disabled. */
function nextSlot(topom: Topom, fits: (slot: SlotMapping) => boolean): SlotMapping | undefined {
  const waiting = topom.cluster.slots.filter(({ action }) => action.state !== undefined).filter(fits);
  const begun = lowestIndex(waiting.filter(({ action }) => action.state !== 'pending'));
  if (begun || topom.action.disabled) return begun;
  return lowestIndex(waiting);
}

function lowestIndex(slots: readonly SlotMapping[]): SlotMapping | undefined {
  const [first, ...others] = slots;
  return others.reduce(
    (best, slot) => ((slot.action.index ?? 0) < (best?.action.index ?? 0) ? slot : best),
    first,
  );
}

/** Up to `migrating`: proxies lock the slot, and when all of them do, they unlock it with both backends. */
async function prepare(topom: Topom, slot: SlotMapping): Promise<void> {
  const inState = (state: SlotMapping['action']['state']): SlotMapping => ({
    ...slot,
    action: { ...slot.action, state },
  });
  const { state } = slot.action;
  if (state === 'pending') topom.cluster.saveSlot(inState('preparing'));
  if (state === 'pending' || state === 'preparing') {
    try {
      await resyncSlots(topom, [inState('prepared')]);
    } catch (error) {
      await resyncSlots(topom, [inState('preparing')]).catch(() => undefined); // the first error is the one that counts
      throw error;
    }
    topom.cluster.saveSlot(inState('prepared'));
  }
  if (state === 'pending' || state === 'preparing' || state === 'prepared') {
    await resyncSlots(topom, [inState('migrating')]);
    topom.cluster.saveSlot(inState('migrating'));
  }
}

/** Returns the error instead of throwing it, since the other slots of the round go on. */
async function migrate(topom: Topom, slotId: number): Promise<Error | undefined> {
  try {
    await runSteps(topom, slotId);
    topom.action.status = '';
    return undefined;
  } catch (error) {
    topom.action.status = `[ERROR] Slot[${padded(slotId)}]: ${causeOf(error)}`;
    return error instanceof Error ? error : refuse(causeOf(error));
  }
}

async function runSteps(topom: Topom, slotId: number): Promise<void> {
  let database = 0;
  for (;;) {
    await topom.gate.pass();
    const step: Executor | undefined = await topom.locked(() => newExecutor(topom, slotId));
    if (!step) {
      await topom.rest(topom.config.timings.pausedMs);
      continue;
    }
    const { remaining, nextDatabase } = await step(database);
    if (remaining === 0 && nextDatabase < 0) return topom.locked(() => complete(topom, slotId));
    topom.action.status = `[OK] Slot[${padded(slotId)}]@DB[${database}]=${remaining}`;
    if (topom.action.interval > 0) await topom.rest(topom.action.interval / 1_000);
    database = nextDatabase;
  }
}

async function complete(topom: Topom, slotId: number): Promise<void> {
  const slot = topom.cluster.slot(slotId);
  const { state, target_id = 0 } = slot.action;
  if (state !== 'migrating' && state !== 'finished') throw refuse(`slot-[${slotId}] action state is invalid`);
  const finished: SlotMapping = { ...slot, action: { ...slot.action, state: 'finished' } };
  if (state === 'migrating') topom.cluster.saveSlot(finished);
  await resyncSlots(topom, [finished]);
  topom.cluster.saveSlot({ id: slotId, group_id: target_id, action: {} });
}

function padded(slotId: number): string {
  return String(slotId).padStart(4, '0');
}
