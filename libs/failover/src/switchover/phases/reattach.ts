import type { PikaNode } from '@slotferry/pika';
import { PikaError } from '@slotferry/pika';
import { done, type Outcome, type Phase, ResourceHeld, wait } from '@slotferry/workflow';
import type { SwitchoverInput } from '../../definitions';
import { tolerant } from '../../outcomes';
import type { SlotPositions } from '../../store/types';
import { driveFollower, type FollowProgress } from '../follow';
import { Ledger } from '../handover/ledger';
import { openStage, type Stage, standingOf, type SwitchoverContext, type SwitchoverParts } from '../stage';
import { timing } from '../timing';

/** How one node got on, or the words of one that did not answer. */
interface Follower {
  readonly node: string;
  readonly progress: FollowProgress | null;
  readonly waitsFor: string | null;
}

/** Every other node of the group follows the new master. What may not be attached plainly is left to a workflow of its own. */
export class SwitchoverReattach implements Phase<SwitchoverInput> {
  readonly workflow = 'switchover';
  readonly name = 'reattach';

  constructor(private readonly parts: SwitchoverParts) {}

  run(context: SwitchoverContext): Promise<Outcome> {
    return tolerant(async () => {
      const ledger = new Ledger(context);
      const { drained } = ledger;
      if (ledger.overtaken || !drained) return done();
      const stage = await openStage(this.parts.clusters, context.input);
      const { place, record } = standingOf(await stage.cluster.router.view(), stage);
      if (place !== 'after' || !record) {
        ledger.recordOvertaken(record?.servers[0] ?? 'nobody');
        return done();
      }
      const others = record.servers.filter((server) => server !== stage.to.address);
      const followers = await Promise.all(
        others.map((address) => drive(context, stage, stage.cluster.node(address), ledger, drained)),
      );
      return conclude(context, stage, followers);
    });
  }
}

async function drive(
  context: SwitchoverContext,
  stage: Stage,
  node: PikaNode,
  { slots }: Ledger,
  drained: SlotPositions,
): Promise<Follower> {
  try {
    const progress = await driveFollower(context, node, stage.to, slots, drained);
    return { node: node.address, progress, waitsFor: progress.waitsFor };
  } catch (error) {
    if (!(error instanceof PikaError)) throw error;
    return { node: node.address, progress: null, waitsFor: `${error.node}: ${error.message}` };
  }
}

async function conclude(
  context: SwitchoverContext,
  { from, to }: Stage,
  followers: readonly Follower[],
): Promise<Outcome> {
  const waiting = followers.filter(({ waitsFor }) => waitsFor !== null);
  if (waiting[0] && context.elapsedMs() < timing.reattachLimit) {
    const pollAfterMs = waiting.some(({ progress }) => progress) ? timing.syncPoll : timing.busyPoll;
    return wait('attaching', waiting[0].waitsFor ?? '', pollAfterMs, {
      following: followers.reduce((sum, { progress }) => sum + (progress?.following ?? 0), 0),
      total: followers.reduce((sum, { progress }) => sum + (progress?.total ?? 0), 0),
    });
  }
  const unable = followers.filter(
    ({ progress, waitsFor }) => waitsFor !== null || (progress?.refused.length ?? 0) > 0,
  );
  for (const { node, progress } of unable) await leaveToRejoin(context, node, progress);
  const lossBytes = followers.find(({ node }) => node === from.address)?.progress?.beyondBytes ?? 0;
  context.record({ lossBytes });
  return done({ master: to.address, left: unable.map(({ node }) => node), lossBytes });
}

/** Nothing of the switchover depends on it: clients are served, and the node is mended while they are. */
async function leaveToRejoin(
  context: SwitchoverContext,
  node: string,
  progress: FollowProgress | null,
): Promise<void> {
  const { cluster, group } = context.input;
  const finding = progress?.refused[0]?.code === 'replica-detached' ? 'returned-master' : 'wrong-master';
  const id = `rj-${context.workflowId}-${node.replace(/[^a-z0-9]/gi, '-')}`.toLowerCase();
  context.step('left-to-rejoin', { node, why: progress?.refused[0]?.message ?? 'it does not answer' });
  try {
    await context.startChild('rejoin', id, { cluster, group, node, finding });
  } catch (error) {
    // Somebody else mends it already.
    if (!(error instanceof ResourceHeld)) throw error;
  }
}
