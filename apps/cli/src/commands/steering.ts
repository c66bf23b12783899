import { type Command } from 'commander';
import { type WorkflowSummary } from '@slotferry/workflow';
import { ExitCode } from '../exit-code';
import { type Ended } from '../ended';
import { openSession } from '../session';

interface Steering {
  readonly name: 'pause' | 'resume' | 'cancel' | 'retry';
  readonly meaning: string;
}

interface Approval {
  readonly code: string;
  readonly choose?: string;
  readonly note?: string;
}

const STEERINGS: readonly Steering[] = [
  { name: 'pause', meaning: 'begin nothing new until it is resumed' },
  { name: 'resume', meaning: 'go on after a pause' },
  { name: 'cancel', meaning: 'take back what was done; past the point of no return go forward to the end' },
  { name: 'retry', meaning: 'try again what failed or is blocked' },
];

/** `slotferry workflow pause|resume|cancel|retry|approve`. */
export function addSteeringCommands(workflow: Command, ended: Ended): void {
  for (const { name, meaning } of STEERINGS) {
    workflow
      .command(name)
      .description(meaning)
      .argument('<id>', 'id of the workflow')
      .option('--reason <text>', 'kept in the history')
      .addHelpText(
        'after',
        `\nExample:\n  $ slotferry workflow ${name} mv-mibx2k1q0f3k9v0a2c4e6 --reason "maintenance"`,
      )
      .action((id: string, { reason }: { reason?: string }, command: Command) =>
        steer(command, id, name, { reason }),
      );
  }

  workflow
    .command('approve')
    .description('go on in spite of the problem that blocks it')
    .argument('<id>', 'id of the workflow')
    .requiredOption('--code <code>', 'code of the problem, as "workflow show" tells it')
    .option('--choose <node>', 'failovers only: the node that becomes master, host:port')
    .option('--note <text>', 'kept in the history')
    .addHelpText(
      'after',
      '\nExample:\n  $ slotferry workflow approve mv-mibx2k1q0f3k9v0a2c4e6 --code lag-beyond-limit',
    )
    .action((id: string, { code, choose, note }: Approval, command: Command) =>
      steer(command, id, 'approve', { code, choice: choose, note }),
    );

  async function steer(command: Command, id: string, request: string, body: object): Promise<void> {
    const session = openSession(command);
    const path = `/workflows/${encodeURIComponent(id)}/${request}`;
    session.print(await session.client.post<WorkflowSummary>(path, { body }), describe);
    ended(ExitCode.done);
  }
}

function describe({ id, status, phase, committed, cancelRequested }: WorkflowSummary): string {
  const going =
    cancelRequested && committed ? ' (past the point of no return: it goes forward to the end)' : '';
  return `${id}: ${status} at ${phase}${going}`;
}
