import { type Command } from 'commander';
import { ExitCode } from '../exit-code';
import { type ClusterAnswer, type Topology, type Workflows } from '../http/answers';
import { showClusters } from '../print/clusters';
import { showTopology } from '../print/topology';
import { type Ended } from '../ended';
import { openSession } from '../session';
import { addWaiting, afterStart, type WaitOptions } from './waiting';
import { applyCluster } from './apply-cluster';

/** `slotferry cluster …`. */
export function addClusterCommands(program: Command, ended: Ended): void {
  const cluster = program.command('cluster').description('register clusters, look at them, set them up');

  cluster
    .command('apply')
    .description('register a cluster from its file, or change it')
    .requiredOption('-f, --file <path>', 'the cluster file')
    .addHelpText('after', '\nExample:\n  $ slotferry cluster apply -f cluster.yaml')
    .action(async ({ file }: { file: string }, command: Command) => {
      await applyCluster(openSession(command), file);
      ended(ExitCode.done);
    });

  cluster
    .command('list')
    .description('list the registered clusters')
    .addHelpText('after', '\nExample:\n  $ slotferry cluster list')
    .action(async (_options: object, command: Command) => {
      const session = openSession(command);
      const answer = await session.client.get<{ clusters: ClusterAnswer[] }>('/clusters');
      session.print(answer, ({ clusters }) => showClusters(clusters));
      ended(ExitCode.done);
    });

  cluster
    .command('show')
    .description('show a cluster as it is now: groups, slots, replication, proxies')
    .requiredOption('--cluster <name>', 'name of the cluster')
    .addHelpText('after', '\nExample:\n  $ slotferry cluster show --cluster lab')
    .action(async ({ cluster: name }: { cluster: string }, command: Command) => {
      const session = openSession(command);
      const topology = await session.client.get<Topology>(`/clusters/${encodeURIComponent(name)}/topology`);
      session.print(topology, showTopology);
      ended(ExitCode.done);
    });

  addWaiting(
    cluster
      .command('bootstrap')
      .description('make the cluster as its file says, as far as that needs no slot to be moved')
      .requiredOption('--cluster <name>', 'name of the cluster')
      .option('--idempotency-key <key>', 'makes the request safe to repeat: 8-64 letters, digits, _ and -'),
  )
    .addHelpText('after', '\nExample:\n  $ slotferry cluster bootstrap --cluster lab --wait')
    .action(async (options: WaitOptions & { cluster: string; idempotencyKey?: string }, command: Command) => {
      const session = openSession(command);
      const path = `/clusters/${encodeURIComponent(options.cluster)}/bootstrap`;
      const { idempotencyKey } = options;
      ended(
        await afterStart(session, await session.client.post<Workflows>(path, { idempotencyKey }), options),
      );
    });
}
