import { type Command } from 'commander';
import { type WorkflowSummary } from '@slotferry/workflow';
import { usageError } from '../cli-error';
import { type Ended } from '../ended';
import { ExitCode } from '../exit-code';
import { addLimits, type LimitOptions, limitsOf } from '../rebalance/limits';
import { openSession } from '../session';

type SettingsOptions = LimitOptions & { readonly reason?: string };

/** `slotferry workflow set`. */
export function addSettingsCommand(workflow: Command, ended: Ended): void {
  const command = workflow
    .command('set')
    .description('change the limits of a rebalance, and what goes first, while it runs')
    .argument('<id>', 'id of the workflow');
  addLimits(command)
    .option('--reason <text>', 'kept in the history')
    .addHelpText('after', EXAMPLES)
    .action(async (id: string, options: SettingsOptions, self: Command) => {
      const limits = limitsOf(options);
      if (Object.keys(limits).length === 0) {
        throw usageError(
          'nothing is to be changed',
          'Give at least one limit, such as --in-flight 8, or --first 10-20.',
        );
      }
      const session = openSession(self);
      const path = `/workflows/${encodeURIComponent(id)}/settings`;
      const body = { ...limits, reason: options.reason };
      session.print(await session.client.post<WorkflowSummary>(path, { body }), describe);
      ended(ExitCode.done);
    });
}

function describe({ id, status, phase }: WorkflowSummary): string {
  return `${id}: limits changed, ${status} at ${phase}`;
}

const EXAMPLES = `
Examples:
  $ slotferry workflow set rb-mibx2k1q0f3k9v0a2c4e6 --in-flight 8 --per-source 4
  $ slotferry workflow set rb-mibx2k1q0f3k9v0a2c4e6 --first 10-20 --reason "their node runs hot"
  $ slotferry workflow set rb-mibx2k1q0f3k9v0a2c4e6 --first none`;
