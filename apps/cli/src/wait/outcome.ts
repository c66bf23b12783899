import { type WorkflowSummary } from '@slotferry/workflow';
import { ExitCode } from '../exit-code';

/** The exit code a workflow leads to; null while it goes on by itself. */
export function outcomeOf({ status }: WorkflowSummary): ExitCode | null {
  switch (status) {
    case 'completed':
      return ExitCode.done;
    case 'cancelled':
    case 'failed':
      return ExitCode.failed;
    case 'blocked':
      return ExitCode.blocked;
    case 'running':
    case 'undoing':
    case 'paused':
      return null;
  }
}

/** Of several outcomes the worst: a failure, then a block. */
export function worstOf(codes: readonly ExitCode[]): ExitCode {
  return [ExitCode.failed, ExitCode.blocked].find((code) => codes.includes(code)) ?? ExitCode.done;
}
