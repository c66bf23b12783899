import { type RebalanceInput, type RebalanceProgress } from '@slotferry/migration';
import { type WorkflowDetails } from '../http/answers';
import { showLimits } from './plan';
import { showRebalanceProgress } from './rebalance-progress';

/** What there is to say about a rebalance beyond what every workflow has. */
export function rebalanceLines({ id, input, settings, facts, children }: WorkflowDetails): string[] {
  const { limits, plan } = input as RebalanceInput;
  const progress = facts.progress as RebalanceProgress | undefined;
  return [
    `plan ${plan}; limits: ${showLimits({ ...limits, ...settings })}`,
    ...(progress ? [showRebalanceProgress(progress)] : []),
    ...(children.open > 0
      ? [`its moves: slotferry workflow list --workflow move-slot (${id}-s<table>-<slot>)`]
      : []),
  ];
}

/** Facts that the lines above sum up: there is one for every slot. */
export function isRebalanceDetail(fact: string): boolean {
  return (
    fact === 'progress' ||
    fact === 'pace' ||
    fact === 'alreadyThere' ||
    fact === 'resting' ||
    fact.startsWith('held ')
  );
}
