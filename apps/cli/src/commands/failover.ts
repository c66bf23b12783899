import { type Command } from 'commander';
import { type Workflows } from '../http/answers';
import {
  type Acknowledged,
  type FailoverHistory,
  type FailoverStatus,
  type MaintenanceAnswer,
} from '../http/failover-answers';
import { ExitCode } from '../exit-code';
import { type Ended } from '../ended';
import { showFailoverHistory } from '../print/failover-history';
import { showFailoverStatus } from '../print/failover-status';
import { openSession } from '../session';
import { wholeNumber } from '../whole-number';
import { addApproveCommand } from './approve-failover';
import { addWaiting, afterStart, type WaitOptions } from './waiting';

interface ClusterOptions {
  readonly cluster: string;
}
type HistoryOptions = ClusterOptions & { readonly group?: number; readonly limit: number };
type StartOptions = ClusterOptions &
  WaitOptions & { readonly group: number; readonly idempotencyKey?: string };

/** `slotferry failover …`. */
export function addFailoverCommands(program: Command, ended: Ended): void {
  const failover = program.command('failover').description('see and steer how dead masters are replaced');

  onCluster(failover, 'status', 'show who watches, how the masters do, and what would happen by itself')
    .addHelpText('after', '\nExample:\n  $ slotferry failover status --cluster lab')
    .action(async ({ cluster }: ClusterOptions, command: Command) => {
      const session = openSession(command);
      session.print(await session.client.get<FailoverStatus>(pathOf(cluster)), showFailoverStatus);
      ended(ExitCode.done);
    });

  onCluster(failover, 'history', 'show what was detected, decided and not decided, newest first')
    .option('--group <group>', 'only of this group', wholeNumber(1))
    .option('--limit <count>', 'at most so many', wholeNumber(1), 50)
    .addHelpText('after', '\nExample:\n  $ slotferry failover history --cluster lab --group 1 --limit 20')
    .action(async ({ cluster, group, limit }: HistoryOptions, command: Command) => {
      const session = openSession(command);
      const query = new URLSearchParams({ limit: String(limit) });
      if (group !== undefined) query.set('group', String(group));
      const path = `${pathOf(cluster)}/history?${query.toString()}`;
      session.print(await session.client.get<FailoverHistory>(path), showFailoverHistory);
      ended(ExitCode.done);
    });

  onCluster(failover, 'ack', 'end the block after a failover: the next one may begin by itself')
    .option('--group <group>', 'only of this group', wholeNumber(1))
    .addHelpText('after', '\nExample:\n  $ slotferry failover ack --cluster lab --group 1')
    .action(async ({ cluster, group }: { cluster: string; group?: number }, command: Command) => {
      const session = openSession(command);
      const answer = await session.client.post<Acknowledged>(`${pathOf(cluster)}/acknowledge`, {
        body: { group },
      });
      session.print(answer, showAcknowledged);
      ended(ExitCode.done);
    });

  onCluster(failover, 'pause', 'maintenance: no failover begins by itself until it is resumed')
    .requiredOption('--reason <text>', 'shown to everybody who asks for the status')
    .addHelpText('after', '\nExample:\n  $ slotferry failover pause --cluster lab --reason "new switches"')
    .action(async ({ cluster, reason }: { cluster: string; reason: string }, command: Command) => {
      const session = openSession(command);
      const path = `${pathOf(cluster)}/pause`;
      session.print(
        await session.client.post<MaintenanceAnswer>(path, { body: { reason } }),
        showMaintenance,
      );
      ended(ExitCode.done);
    });

  onCluster(failover, 'resume', 'end the maintenance')
    .addHelpText('after', '\nExample:\n  $ slotferry failover resume --cluster lab')
    .action(async ({ cluster }: ClusterOptions, command: Command) => {
      const session = openSession(command);
      const path = `${pathOf(cluster)}/resume`;
      session.print(await session.client.post<MaintenanceAnswer>(path, { body: {} }), showMaintenance);
      ended(ExitCode.done);
    });

  addWaiting(
    onCluster(failover, 'start', 'replace a dead master by hand, whatever mode, windows and block say')
      .requiredOption('--group <group>', 'group whose master is dead', wholeNumber(1))
      .option('--idempotency-key <key>', 'makes the request safe to repeat: 8-64 letters, digits, _ and -'),
  )
    .addHelpText('after', START_HELP)
    .action(async (options: StartOptions, command: Command) => {
      const session = openSession(command);
      const { cluster, group, idempotencyKey } = options;
      const started = await session.client.post<Workflows>(
        `/clusters/${encodeURIComponent(cluster)}/failovers`,
        { body: { group }, idempotencyKey },
      );
      ended(await afterStart(session, started, options));
    });

  addApproveCommand(failover, ended);
}

const START_HELP = `
Nothing is changed while the master answers: for a planned change see slotferry switchover.

Example:
  $ slotferry failover start --cluster lab --group 1 --wait`;

function onCluster(parent: Command, name: string, description: string): Command {
  return parent
    .command(name)
    .description(description)
    .requiredOption('--cluster <name>', 'name of the cluster');
}

function pathOf(cluster: string): string {
  return `/clusters/${encodeURIComponent(cluster)}/failover`;
}

function showAcknowledged({ cluster, groups }: Acknowledged): string {
  if (groups.length === 0) return `${cluster}: no group was blocked`;
  return `${cluster}: the block of ${groups.map((group) => `group ${group}`).join(', ')} ended`;
}

function showMaintenance({ cluster, maintenance }: MaintenanceAnswer): string {
  return maintenance
    ? `${cluster}: no failover begins by itself until: slotferry failover resume --cluster ${cluster}`
    : `${cluster}: failovers begin by themselves`;
}
