import type { Problem } from '@slotferry/workflow';

/** Why a switchover is not begun. */
export interface Refusal extends Problem {
  /** True when it cannot go away by itself: what was asked for does not fit the cluster. */
  readonly final: boolean;
}

/** It cannot go away by itself. */
export function final(code: string, message: string, remedy: string): Refusal {
  return { code, message, remedy, final: true };
}

/** It may go away by itself. */
export function passing(code: string, message: string, remedy: string): Refusal {
  return { code, message, remedy, final: false };
}
