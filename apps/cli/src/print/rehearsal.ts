import { type Rehearsal } from '../http/failover-answers';

/** What a switchover would do, or all that stands against it. */
export function showRehearsal({ ready, refusals, wouldDo }: Rehearsal): string {
  if (ready) return ['it would:', ...wouldDo.map((step) => `  - ${step}`), 'nothing was started'].join('\n');
  const lines = refusals.flatMap(({ code, message, remedy }) => [
    `  - ${message} (${code})`,
    `    remedy: ${remedy}`,
  ]);
  return ['it would not begin:', ...lines].join('\n');
}
