import { type WorkflowEvent } from '@slotferry/workflow';
import { showDuration } from '../duration';

/** An event as a line of progress, or null when it says nothing to people. */
export function showProgress(event: WorkflowEvent): string | null {
  switch (event.type) {
    case 'workflow-started':
      return `started: ${event.data.title}`;
    case 'phase-completed':
      return `${event.data.phase}: done in ${showDuration(event.data.tookMs)}`;
    case 'phase-waited':
      return `${event.data.phase}: waits: ${event.data.message}`;
    case 'phase-blocked':
      return `${event.data.phase}: BLOCKED: ${event.data.problem.message}`;
    case 'phase-failed':
      return `${event.data.phase}: FAILED: ${event.data.problem.message}`;
    case 'attempt-failed': {
      const { phase, problem, attempt, retryAfterMs } = event.data;
      return `${phase}: attempt ${attempt} failed, again in ${showDuration(retryAfterMs)}: ${problem.message}`;
    }
    case 'attempt-abandoned':
      return `${event.data.phase}: ${event.data.worker} went silent, another worker takes over`;
    case 'step-completed':
      return `${event.data.phase}: ${event.data.step}`;
    case 'point-of-no-return-passed':
      return `${event.data.phase}: past the point of no return`;
    case 'workflow-paused':
      return `paused by ${event.actor}${because(event.data.reason)}`;
    case 'workflow-resumed':
      return `resumed by ${event.actor}`;
    case 'cancel-requested':
      return `cancel requested by ${event.actor}${because(event.data.reason)}`;
    case 'retry-requested':
      return `retry requested by ${event.actor}${because(event.data.reason)}`;
    case 'approval-given':
      return `"${event.data.code}" approved by ${event.actor}${because(event.data.note)}`;
    case 'settings-changed': {
      const { settings, reason } = event.data;
      return `settings changed by ${event.actor} to ${JSON.stringify(settings)}${because(reason)}`;
    }
    case 'undo-started':
      return 'turning back';
    case 'undo-completed':
      return `${event.data.phase}: taken back in ${showDuration(event.data.tookMs)}`;
    case 'child-started':
      return `child ${event.data.child} started`;
    case 'child-ended':
      return `child ${event.data.child} ${event.data.status}`;
    case 'workflow-completed':
      return `completed in ${showDuration(event.data.tookMs)}`;
    case 'workflow-cancelled':
      return `cancelled after ${showDuration(event.data.tookMs)}`;
    case 'point-of-no-return-revoked':
      return 'the way back is open again';
    default:
      // Commands and facts belong to the history. An API newer than this tool may know more types.
      return null;
  }
}

/** An event as a line of history: everything it holds. */
export function showEvent({ version, at, type, actor, data }: WorkflowEvent): string {
  return `${String(version).padStart(4)}  ${at}  ${type.padEnd(26)} ${actor}  ${JSON.stringify(data)}`;
}

function because(reason: string): string {
  return reason === '' ? '' : `: ${reason}`;
}
