import { readCommandLine } from './command-line';
import { SandboxError } from './errors';
import { type Sandbox, startSandbox } from './sandbox';
import { type Topology } from './topology';

/** How long an orderly end may take, in milliseconds. */
const END_LIMIT_MS = 900;

async function main(): Promise<void> {
  const { options, json } = readCommandLine(process.argv.slice(2));
  const sandbox = await startSandbox(options);
  endOnSignal(sandbox);
  const topology = sandbox.topology();
  process.stdout.write(json ? `${JSON.stringify(topology)}\n` : asText(topology));
}

function endOnSignal(sandbox: Sandbox): void {
  const end = (): void => {
    setTimeout(() => process.exit(1), END_LIMIT_MS).unref();
    void sandbox.close().then(() => process.exit(0));
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
}

function asText({ product, dashboard, proxies, nodes, control }: Topology): string {
  return [
    `product    ${product}`,
    `dashboard  http://${dashboard.address}`,
    ...proxies.map(({ name, client, admin }) => `${name.padEnd(10)} ${client}  admin http://${admin}`),
    ...nodes.map(
      ({ name, address, masterOf, slaveOf }) =>
        `${name.padEnd(10)} ${address}  master of ${masterOf || 'none'}, follows for ${slaveOf || 'none'}`,
    ),
    `control    http://${control}`,
    'Stop it with Ctrl-C.',
    '',
  ].join('\n');
}

main().catch((error: unknown) => {
  const text = error instanceof SandboxError ? `${error.message}. ${error.remedy}` : String(error);
  process.stderr.write(`error: ${text}\n`);
  process.exitCode = 1;
});
