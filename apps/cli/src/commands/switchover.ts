import { type Command } from 'commander';
import { type Ended } from '../ended';
import { ExitCode } from '../exit-code';
import { type SwitchoverAnswer } from '../http/failover-answers';
import { showRehearsal } from '../print/rehearsal';
import { openSession, type Session } from '../session';
import { timeOf } from '../time-of';
import { wholeNumber } from '../whole-number';
import { addWaiting, afterStart, type WaitOptions } from './waiting';

interface SwitchoverOptions extends WaitOptions {
  readonly cluster: string;
  readonly group: number;
  readonly to: string;
  readonly dryRun?: true;
  readonly acceptLoss?: true;
  readonly at?: string;
  readonly idempotencyKey?: string;
}

/** `slotferry switchover`. */
export function addSwitchoverCommand(program: Command, ended: Ended): void {
  addWaiting(
    program
      .command('switchover')
      .description('let the master of a group and a replica change places, without a loss')
      .requiredOption('--cluster <name>', 'name of the cluster')
      .requiredOption('--group <group>', 'the group', wholeNumber(1))
      .requiredOption('--to <node>', 'the replica that becomes master: host:port')
      .option('--dry-run', 'look at everything, tell what would be done, and do nothing')
      .option('--at <time>', 'not before 03:30 (UTC) or 2026-11-23T03:30:00Z', (text) => timeOf(text))
      .option(
        '--accept-loss',
        'go on where requests cannot be held at the proxies: writes of the last moments may be lost',
      )
      .option('--idempotency-key <key>', 'makes the request safe to repeat: 8-64 letters, digits, _ and -'),
  )
    .addHelpText('after', EXAMPLES)
    .action(async (options: SwitchoverOptions, command: Command) => {
      ended(await switchOver(openSession(command), options));
    });
}

async function switchOver(session: Session, options: SwitchoverOptions): Promise<ExitCode> {
  const { cluster, group, to, dryRun, acceptLoss, at, idempotencyKey } = options;
  const path = `/clusters/${encodeURIComponent(cluster)}/switchovers`;
  const body = { group, to, dryRun, acceptLoss, notBefore: at };
  const answer = await session.client.post<SwitchoverAnswer>(path, { body, idempotencyKey });
  const { workflow, rehearsal } = answer;
  if (workflow) return afterStart(session, { workflows: [workflow] }, options);
  session.print(answer, () => (rehearsal ? showRehearsal(rehearsal) : ''));
  return rehearsal?.ready ? ExitCode.done : ExitCode.failed;
}

const EXAMPLES = `
Examples:
  $ slotferry switchover --cluster lab --group 1 --to 10.0.0.12:9221 --dry-run
  $ slotferry switchover --cluster lab --group 1 --to 10.0.0.12:9221 --wait
  $ slotferry switchover --cluster lab --group 1 --to 10.0.0.12:9221 --at 03:30

A dry run ends with 0 when the switchover would begin, and with 1 when something stands against it.`;
