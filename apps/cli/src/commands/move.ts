import { type Command } from 'commander';
import { type Workflows } from '../http/answers';
import { type Ended } from '../ended';
import { openSession } from '../session';
import { wholeNumber } from '../whole-number';
import { addWaiting, afterStart, type WaitOptions } from './waiting';

interface MoveOptions extends WaitOptions {
  readonly cluster: string;
  readonly to: number;
  readonly table: number;
  readonly idempotencyKey?: string;
}

/** `slotferry move`. */
export function addMoveCommand(program: Command, ended: Ended): void {
  addWaiting(
    program
      .command('move')
      .description('move slots to another group while clients keep writing')
      .argument('<slots>', 'slots and ranges of slots: 1 or 0-3,8; at most 64')
      .requiredOption('--cluster <name>', 'name of the cluster')
      .requiredOption('--to <group>', 'group that is to own the slots', wholeNumber(1))
      .option('--table <table>', 'table of the slots', wholeNumber(0), 0)
      .option('--idempotency-key <key>', 'makes the request safe to repeat: 8-64 letters, digits, _ and -'),
  )
    .addHelpText('after', EXAMPLES)
    .action(async (slots: string, options: MoveOptions, command: Command) => {
      const session = openSession(command);
      const { cluster, to, table, idempotencyKey } = options;
      const started = await session.client.post<Workflows>(`/clusters/${encodeURIComponent(cluster)}/moves`, {
        body: { slots, to, table },
        idempotencyKey,
      });
      ended(await afterStart(session, started, options));
    });
}

const EXAMPLES = `
Examples:
  $ slotferry move 1 --cluster lab --to 3 --wait
  $ slotferry move 0-3,8 --cluster lab --to 3 --wait --timeout 10m`;
