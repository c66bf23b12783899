import { sleep, systemClock } from '@slotferry/platform';
import {
  SteeringRefused,
  type Steering,
  type WorkflowEngine,
  type WorkflowSummary,
} from '@slotferry/workflow';
import { groupResource } from '../definitions';
import type { FailoverContext } from './facts';
import { timing } from './timing';

/** More at once than any cluster has. */
const most = 10_000;

/** Open workflows whose work the failover would disturb, or be disturbed by: moves of slots of the group, and mendings of its replicas. */
export async function neighbours(
  context: FailoverContext,
  engine: WorkflowEngine,
): Promise<WorkflowSummary[]> {
  const { cluster, group } = context.input;
  const resource = groupResource(cluster, group);
  const open = await engine.list({ scope: cluster, open: true, limit: most });
  return open.filter(
    ({ id, touches, workflow, input }) =>
      id !== context.workflowId &&
      (touches.includes(resource) || (workflow === 'rejoin' && input['group'] === group)),
  );
}

/** Waits until none of these is in a section in which it may hold clients. Returns those that still are when the limit is over. */
export async function untilUnguarded(
  context: FailoverContext,
  engine: WorkflowEngine,
  ids: readonly string[],
): Promise<readonly string[]> {
  const deadline = systemClock.monotonicMs() + timing.parkLimit;
  for (;;) {
    const guarded = (await engine.log.summaries(ids)).filter((one) => one.guarded && one.endedAt === null);
    if (guarded.length === 0 || systemClock.monotonicMs() > deadline) return guarded.map(({ id }) => id);
    await sleep(timing.hotPoll, context.signal);
  }
}

/** Steers another workflow in the name of this one; one that has ended is left alone. */
export async function steerNeighbour(
  context: FailoverContext,
  engine: WorkflowEngine,
  id: string,
  request: Steering,
): Promise<void> {
  await engine.steer(id, request, { actor: `workflow:${context.workflowId}` }).catch((error: unknown) => {
    if (!(error instanceof SteeringRefused)) throw error;
  });
}

/** Lets go on what this failover has paused, and nothing else. */
export async function unpark(
  context: FailoverContext,
  engine: WorkflowEngine,
  parked: readonly string[],
): Promise<void> {
  await Promise.all(parked.map((id) => steerNeighbour(context, engine, id, { kind: 'resume' })));
}
