import { type Command } from 'commander';
import { type WorkflowSummary } from '@slotferry/workflow';
import { type Ended } from '../ended';
import { ExitCode } from '../exit-code';
import { goOn } from '../print/go-on';
import { openSession, type Session } from '../session';
import { waitAndReport } from '../wait/wait-and-report';
import { addWaiting, type WaitOptions } from './waiting';

interface ApproveOptions extends WaitOptions {
  readonly code?: string;
  readonly choose?: string;
  readonly note?: string;
}

/** `slotferry failover approve`. */
export function addApproveCommand(failover: Command, ended: Ended): void {
  addWaiting(
    failover
      .command('approve')
      .description('let a failover, switchover or rejoin go on that waits for your word')
      .argument('<workflow>', 'id of the workflow')
      .option('--code <code>', 'what is approved: the code of the problem; without it the problem is shown')
      .option('--choose <node>', 'the node that becomes master, whatever would be lost: host:port')
      .option('--note <text>', 'kept in the history'),
  )
    .addHelpText('after', EXAMPLES)
    .action(async (id: string, options: ApproveOptions, command: Command) => {
      const session = openSession(command);
      ended(options.code === undefined ? await show(session, id) : await approve(session, id, options));
    });
}

/** What there is to approve. Nobody approves what they have not seen: it may be another problem by now. */
async function show(session: Session, id: string): Promise<ExitCode> {
  const workflow = await session.client.get<WorkflowSummary>(pathOf(id));
  session.print(workflow, (found) => {
    if (found.status !== 'blocked' || !found.problem)
      return `${id} is ${found.status}: nothing is to be approved`;
    return [`${id} is blocked: ${found.problem.message}`, ...goOn(found), 'nothing was approved'].join('\n');
  });
  return workflow.status === 'blocked' ? ExitCode.blocked : ExitCode.done;
}

async function approve(session: Session, id: string, options: ApproveOptions): Promise<ExitCode> {
  const { code, choose, note, wait, timeout } = options;
  const body = { code, choice: choose, note };
  const workflow = await session.client.post<WorkflowSummary>(`${pathOf(id)}/approve`, { body });
  if (wait) return waitAndReport(session, [workflow], timeout);
  session.print(workflow, describe);
  return ExitCode.done;
}

function describe(workflow: WorkflowSummary): string {
  const { id, status, phase, problem } = workflow;
  const line = `${id}: ${status} at ${phase}`;
  return problem ? [`${line}: ${problem.message}`, ...goOn(workflow)].join('\n') : line;
}

function pathOf(id: string): string {
  return `/workflows/${encodeURIComponent(id)}`;
}

const EXAMPLES = `
Examples:
  $ slotferry failover approve fo-lab-1-3
  $ slotferry failover approve fo-lab-1-3 --code approval-needed --wait
  $ slotferry failover approve fo-lab-1-3 --code no-candidate --choose 10.0.0.12:9221`;
