import type { SlotRef } from '@slotferry/cluster';
import type { WorkflowEngine } from '@slotferry/workflow';
import { failoverDefinition, rejoinDefinition, type RejoinInput, switchoverDefinition } from '../definitions';

/** What others are at work on in a cluster, and is left alone. */
export interface OpenWork {
  /** A cluster that is being built is not mended. */
  readonly building: boolean;
  /** Groups with a failover or switchover at work. */
  readonly busyGroups: ReadonlySet<number>;
  readonly movingSlots: readonly SlotRef[];
  readonly rejoiningNodes: readonly string[];
  readonly rejoiningGroups: readonly number[];
}

/** More than can be under way: a move for each slot of a few tables. */
const limit = 10_000;

/** A switchover that waits for its time, or for a replica, has changed nothing yet: mending may be what it waits for. */
const waitingPhases: readonly string[] = ['preflight', 'sync'];

/** Throws LogUnavailable. */
export async function readOpenWork(engine: WorkflowEngine, cluster: string): Promise<OpenWork> {
  const open = await engine.list({ scope: cluster, open: true, limit });
  const rejoins = open.filter(({ workflow }) => workflow === rejoinDefinition.name);
  const takeovers = open.filter(
    ({ workflow, phase }) =>
      workflow === failoverDefinition.name ||
      (workflow === switchoverDefinition.name && !waitingPhases.includes(phase)),
  );
  return {
    busyGroups: new Set(takeovers.map(({ input }) => Number(input['group']))),
    building: open.some(({ workflow }) => workflow === 'bootstrap'),
    movingSlots: open
      .filter(({ workflow }) => workflow === 'move-slot')
      .map(({ input }) => ({ table: Number(input['table']), slot: Number(input['slot']) })),
    rejoiningNodes: rejoins.map(({ input }) => (input as RejoinInput).node),
    rejoiningGroups: rejoins.map(({ input }) => (input as RejoinInput).group),
  };
}
