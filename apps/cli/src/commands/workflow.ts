import { type Command } from 'commander';
import { type WorkflowSummary } from '@slotferry/workflow';
import { ExitCode } from '../exit-code';
import { type Events, type Verification, type WorkflowDetails, type Workflows } from '../http/answers';
import { showEvent } from '../print/event';
import { showWorkflow, showWorkflows } from '../print/workflow';
import { type Ended } from '../ended';
import { openSession } from '../session';
import { waitAndReport } from '../wait/wait-and-report';
import { wholeNumber } from '../whole-number';
import { addSettingsCommand } from './settings';
import { addSteeringCommands } from './steering';
import { addTimeout } from './waiting';

interface ListOptions {
  readonly cluster?: string;
  readonly workflow?: string;
  readonly status?: string;
  readonly limit: number;
}

/** `slotferry workflow …`. */
export function addWorkflowCommands(program: Command, ended: Ended): void {
  const workflow = program.command('workflow').description('look at workflows and steer them');

  workflow
    .command('list')
    .description('list workflows, newest first')
    .option('--cluster <name>', 'only of this cluster')
    .option('--workflow <kind>', 'only of this kind, such as move-slot')
    .option(
      '--status <statuses>',
      'only running, blocked, failed, undoing, paused, completed or cancelled; separate by commas',
    )
    .option('--limit <count>', 'at most so many', wholeNumber(1), 50)
    .addHelpText('after', '\nExample:\n  $ slotferry workflow list --cluster lab --status running,blocked')
    .action(async ({ cluster, workflow: kind, status, limit }: ListOptions, command: Command) => {
      const session = openSession(command);
      const query = new URLSearchParams({ limit: String(limit) });
      for (const [name, value] of Object.entries({ cluster, workflow: kind, status })) {
        if (value !== undefined) query.set(name, value);
      }
      const answer = await session.client.get<Workflows>(`/workflows?${query.toString()}`);
      session.print(answer, ({ workflows }) => showWorkflows(workflows));
      ended(ExitCode.done);
    });

  workflow
    .command('show')
    .description('show one workflow: phases, steps, facts, what it waits for')
    .argument('<id>', 'id of the workflow')
    .addHelpText('after', '\nExample:\n  $ slotferry workflow show mv-mibx2k1q0f3k9v0a2c4e6')
    .action(async (id: string, _options: object, command: Command) => {
      const session = openSession(command);
      session.print(await session.client.get<WorkflowDetails>(pathOf(id)), showWorkflow);
      ended(ExitCode.done);
    });

  workflow
    .command('history')
    .description('show the events of a workflow')
    .argument('<id>', 'id of the workflow')
    .option('--after <version>', 'only events after this version', wholeNumber(0), 0)
    .addHelpText('after', '\nExample:\n  $ slotferry workflow history mv-mibx2k1q0f3k9v0a2c4e6')
    .action(async (id: string, { after }: { after: number }, command: Command) => {
      const session = openSession(command);
      const answer = await session.client.get<Events>(`${pathOf(id)}/events?after=${after}`);
      session.print(answer, ({ events }) => events.map(showEvent).join('\n') || 'no events');
      ended(ExitCode.done);
    });

  workflow
    .command('verify')
    .description('check that no event of a workflow is missing or was changed')
    .argument('<id>', 'id of the workflow')
    .addHelpText('after', '\nExample:\n  $ slotferry workflow verify mv-mibx2k1q0f3k9v0a2c4e6')
    .action(async (id: string, _options: object, command: Command) => {
      const session = openSession(command);
      const answer = await session.client.get<Verification>(`${pathOf(id)}/verify`);
      session.print(answer, showVerification);
      ended(answer.intact ? ExitCode.done : ExitCode.failed);
    });

  addTimeout(
    workflow
      .command('watch')
      .description('follow a workflow until it is done or needs an operator')
      .argument('<id>', 'id of the workflow'),
  )
    .addHelpText('after', '\nExample:\n  $ slotferry workflow watch mv-mibx2k1q0f3k9v0a2c4e6')
    .action(async (id: string, { timeout }: { timeout: number }, command: Command) => {
      const session = openSession(command);
      const found = await session.client.get<WorkflowSummary>(pathOf(id));
      ended(await waitAndReport(session, [found], timeout));
    });

  addSteeringCommands(workflow, ended);
  addSettingsCommand(workflow, ended);
}

function pathOf(id: string): string {
  return `/workflows/${encodeURIComponent(id)}`;
}

function showVerification({ workflowId, fault }: Verification): string {
  return fault === null
    ? `${workflowId}: no event is missing or changed`
    : `${workflowId}: NOT INTACT at version ${fault.version}: ${fault.code}`;
}
