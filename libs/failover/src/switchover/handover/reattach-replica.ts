import { type Outcome, wait } from '@slotferry/workflow';
import { block } from '../../outcomes';
import { driveFollower } from '../follow';
import type { Stage, SwitchoverContext } from '../stage';
import { timing } from '../timing';
import type { GroupHold } from './group-hold';

/** Lets the replica follow again where an earlier attempt detached it and went back. Null when nothing is detached. Throws PikaError. */
export async function reattachReplica(
  context: SwitchoverContext,
  { from, to, group }: Stage,
  { ledger }: GroupHold,
): Promise<Outcome | null> {
  const { drained, slots } = ledger;
  if (!drained) return null;
  const { refused, waitsFor } = await driveFollower(context, to, from, slots, drained);
  const [first] = refused;
  if (first?.code === 'replica-detached') {
    return block(
      'histories-parted',
      `${to.address} has taken writes of slot ${first.ref.slot} since it was detached, and the router sends clients of group ${group} to ${from.address}`,
      'Both copies hold writes that the other lacks. Decide which one counts before anything else.',
    );
  }
  if (first)
    return block(first.code, first.message, 'Let the replica be mended (slotferry heal), or cancel.');
  if (waitsFor) return wait('attaching', waitsFor, timing.syncPoll);
  context.record({ drained: null });
  return null;
}
