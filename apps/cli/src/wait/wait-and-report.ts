import { type WorkflowSummary } from '@slotferry/workflow';
import { CliError } from '../cli-error';
import { showDuration } from '../duration';
import { ExitCode } from '../exit-code';
import { type WorkflowDetails } from '../http/answers';
import { type Session } from '../session';
import { goOn } from '../print/go-on';
import { showPhases } from '../print/phases';
import { onInterrupt } from './interrupt';
import { outcomeOf, worstOf } from './outcome';
import { tellerFor } from './tell-events';
import { waitFor } from './wait-for';

/** Waits for workflows, shows how they come along, and says how they ended. */
export async function waitAndReport(
  session: Session,
  workflows: readonly WorkflowSummary[],
  timeoutMs: number,
): Promise<ExitCode> {
  const { client, settings, json } = session;
  const interrupt = onInterrupt();
  const timeout = AbortSignal.timeout(timeoutMs);
  const label = labels(workflows);
  const teller = tellerFor(workflows, json);
  try {
    const ended = await Promise.all(
      workflows.map((workflow) =>
        waitFor(client, settings.url, workflow, {
          signal: AbortSignal.any([interrupt.signal, timeout]),
          onEvent: (one, event) => teller.event(label(one), event),
          onLost: (_one, reason) => {
            teller.end();
            console.error(`${reason}; trying again`);
          },
        }),
      ),
    );
    teller.end();
    for (const one of ended) {
      if (json) console.log(JSON.stringify(one));
      else report(label(one), one);
    }
    if (interrupt.signal.aborted) return stoppedWaiting(ended);
    if (timeout.aborted && ended.some((one) => outcomeOf(one) === null)) throw tooLong(ended, timeoutMs);
    return worstOf(ended.map((one) => outcomeOf(one) ?? ExitCode.failed));
  } finally {
    interrupt.release();
  }
}

/** Several workflows are told apart by their slots, or by their ids. */
function labels(workflows: readonly WorkflowSummary[]): (one: WorkflowSummary) => string {
  if (workflows.length === 1) return () => '';
  return ({ id, input }) => (typeof input.slot === 'number' ? `[slot ${input.slot}] ` : `[${id}] `);
}

function report(label: string, workflow: WorkflowDetails): void {
  const { id, status, problem, startedAt, endedAt } = workflow;
  const took = endedAt === null ? '' : ` in ${showDuration(endedAt - startedAt)}`;
  console.log(`\n${label}${id} ${status}${took}`);
  if (endedAt !== null) console.log(showPhases(workflow));
  if (problem && outcomeOf(workflow) !== null) console.error(`error: ${problem.message}`);
  for (const line of goOn(workflow)) console.error(line);
}

function stoppedWaiting(workflows: readonly WorkflowDetails[]): ExitCode {
  for (const { id } of workflows.filter((one) => outcomeOf(one) === null)) {
    console.error(`${id} goes on; to cancel it: slotferry workflow cancel ${id}`);
  }
  return ExitCode.interrupted;
}

function tooLong(workflows: readonly WorkflowDetails[], timeoutMs: number): CliError {
  const open = workflows.filter((one) => outcomeOf(one) === null).map(({ id }) => id);
  return new CliError(
    'wait-too-long',
    `not done within ${showDuration(timeoutMs)}: ${open.join(', ')}; it goes on`,
    open.map((id) => `slotferry workflow watch ${id}`).join('; '),
  );
}
