import { type RunningCluster, startCluster } from './watch/cluster';
import { type RunningWorker, startWorker } from './watch/worker';
import { setTimeout as pause } from 'node:timers/promises';

const defaults = { nodes: 500, seconds: 30, workers: 1 };
/** Before anything is measured, in seconds: connecting to all nodes is not the daily work. */
const warmUpSeconds = 10;
const mostCores = 0.25;

/** What others ask the nodes is measured for so long before the workers start, in seconds. */
const backgroundSeconds = 5;

/** Lets failover workers watch many nodes, none of which fails, and measures what that costs each of them. */
async function main(): Promise<number> {
  const { nodes, seconds, workers: count } = readArguments(process.argv.slice(2));
  console.log(`Starting a cluster of ${nodes} nodes, and failover workers: ${count} ...`);
  const cluster = await startCluster(nodes);
  const workers: RunningWorker[] = [];
  try {
    const background = await commandsPerSecond(cluster, backgroundSeconds);
    for (let number = 1; number <= count; number += 1)
      workers.push(await startWorker(cluster.redisUrl, `bench-${number}`));
    await pause(warmUpSeconds * 1_000);
    return await measure(cluster, workers, { seconds, background });
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
    await cluster.stop();
  }
}

/** Returns the exit code. */
async function measure(
  cluster: RunningCluster,
  workers: readonly RunningWorker[],
  { seconds, background }: { readonly seconds: number; readonly background: number },
): Promise<number> {
  const startedAt = performance.now();
  const before = workers.map((worker) => worker.cpuMs());
  const probes = (await commandsPerSecond(cluster, seconds)) - background;
  const tookMs = performance.now() - startedAt;
  const cores = workers.map((worker, index) => (worker.cpuMs() - (before[index] ?? 0)) / tookMs);
  const resident = workers.map((worker) => worker.residentBytes() / 1_048_576);
  const votes = await cluster.votes();
  console.log(`
nodes watched          ${votes.map((vote) => `${vote.nodes}, ${vote.answering} of them answering`).join('; ')}
probes per second      ${Math.round(probes / workers.length)} of each worker
processor              ${cores.map((one) => one.toFixed(3)).join(', ')} of a core (to stay below ${mostCores})
memory (resident)      ${resident.map((one) => Math.round(one)).join(', ')} MiB
measured for           ${(tookMs / 1_000).toFixed(1)} s, down-after time ${cluster.downAfterMs} ms`);
  const seen = votes.length === workers.length && votes.every(({ answering }) => answering === cluster.nodes);
  const good = cores.every((one) => one < mostCores) && seen;
  console.log(
    good ? 'Within the target.' : 'MISSED: too much processor, or nodes that answer are not seen to.',
  );
  return good ? 0 : 1;
}

/** Commands of whomever, averaged over some time. */
async function commandsPerSecond(cluster: RunningCluster, seconds: number): Promise<number> {
  const startedAt = performance.now();
  const before = await cluster.commands();
  await pause(seconds * 1_000);
  const commands = (await cluster.commands()) - before;
  return (commands * 1_000) / (performance.now() - startedAt);
}

function readArguments(args: readonly string[]): typeof defaults {
  const valueOf = (name: keyof typeof defaults): number => {
    const at = args.indexOf(`--${name}`);
    const value = at < 0 ? defaults[name] : Number(args[at + 1]);
    if (Number.isInteger(value) && value >= 1) return value;
    throw new Error(`--${name} takes a whole number from 1`);
  };
  return { nodes: valueOf('nodes'), seconds: valueOf('seconds'), workers: valueOf('workers') };
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
