import type { SlotRef } from '@slotferry/cluster';
import type { Json } from '@slotferry/workflow';
import { keyOf } from '../slots/slot-lists';
import type { RejoinContext } from './rejoin-scene';

/** A copy with writes that its master lacks. */
export type DivergedCopy = {
  readonly table: number;
  readonly slot: number;
  /** Where it stood, as Pika writes it. */
  readonly position: string;
  /** Of binlog; null when they cannot be counted. */
  readonly bytes: number | null;
  readonly why: string;
};

/** What was measured: copies that are replaced, and where copies stood that follow nobody. */
export interface RejoinPlan {
  readonly diverged: readonly DivergedCopy[];
  /** Positions of detached copies by key of the slot. One that moves on is being written to by somebody. */
  readonly stood: { readonly [slot: string]: string };
}

const planFact = 'plan';

export function recordPlan(context: RejoinContext, plan: RejoinPlan): void {
  context.record({ [planFact]: plan as unknown as Json });
}

/** The plan, in a phase that cannot be reached without it. */
export function requirePlan(context: RejoinContext): RejoinPlan {
  const plan = context.facts[planFact] as unknown as RejoinPlan | undefined;
  if (!plan) throw new Error(`${context.workflowId} has no plan: it was not measured`);
  return plan;
}

export function isDiverged(plan: RejoinPlan): (ref: SlotRef) => boolean {
  const keys = new Set(plan.diverged.map(keyOf));
  return (ref) => keys.has(keyOf(ref));
}
