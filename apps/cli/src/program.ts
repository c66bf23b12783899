import { Command } from 'commander';
import { addClusterCommands } from './commands/cluster';
import { addFailoverCommands } from './commands/failover';
import { addHealCommand } from './commands/heal';
import { addMoveCommand } from './commands/move';
import { addRebalanceCommand } from './commands/rebalance';
import { addSwitchoverCommand } from './commands/switchover';
import { addWorkflowCommands } from './commands/workflow';
import { DEFAULT_URL } from './settings';
import { type Ended } from './ended';

/** The whole command line. */
export function buildProgram(ended: Ended): Command {
  const program = new Command('slotferry')
    .description(
      'Moves the slots of Pika + Codis clusters between groups while clients keep writing, and replaces dead masters.',
    )
    .version('0.1.0')
    .option('--url <url>', `where the API is; else SLOTFERRY_URL, else ${DEFAULT_URL}`)
    .option(
      '--key-file <path>',
      'file with the key; else SLOTFERRY_API_KEY, else admin.key in the data directory',
    )
    .option('--json', 'print one JSON document; with --wait one line for every event, then the workflow')
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('remedy: add --help to the command to see what it takes')
    .exitOverride()
    .addHelpText('after', EXAMPLES);
  addClusterCommands(program, ended);
  addMoveCommand(program, ended);
  addRebalanceCommand(program, ended);
  addFailoverCommands(program, ended);
  addSwitchoverCommand(program, ended);
  addHealCommand(program, ended);
  addWorkflowCommands(program, ended);
  return program;
}

const EXAMPLES = `
Examples:
  $ slotferry cluster apply -f cluster.yaml
  $ slotferry cluster show --cluster lab
  $ slotferry move 1 --cluster lab --to 3 --wait
  $ slotferry rebalance --cluster lab --even --dry-run
  $ slotferry failover status --cluster lab
  $ slotferry switchover --cluster lab --group 1 --to 127.0.0.1:9522 --wait
  $ slotferry workflow list --cluster lab --status running,blocked

Exit codes:
  0  done, or accepted when not waiting
  1  failed, cancelled, or the API cannot be reached
  2  the command line or the cluster file is wrong
  3  the workflow is blocked and needs an operator (with --wait)`;
