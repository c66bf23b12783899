import { Command, InvalidArgumentError } from 'commander';
import { DEFAULT_OPTIONS, type SandboxOptions } from './options';
import { PIKA_VERSIONS, type PikaVersion, type Speed } from './pika';

export interface CommandLine {
  readonly options: SandboxOptions;
  /** One JSON line instead of text. */
  readonly json: boolean;
}

/**
 * Reads the command line. Prints the help and ends the process where it asks for it; names a wrong option and ends it with status 1.
 * @param argv without the program and the script
 */
export function readCommandLine(argv: readonly string[]): CommandLine {
  const command = build();
  command.parse([...argv], { from: 'user' });
  const { json, ...options } = command.opts<SandboxOptions & { json?: boolean }>();
  return { options, json: json === true };
}

/** The description of the command line. */
export function build(): Command {
  const { nodes, groups, replicas, slots, speed, basePort, product, controlPort, pikaVersion, proxies } =
    DEFAULT_OPTIONS;
  return new Command('sandbox')
    .description(
      'A whole cluster on loopback in one process: Pika nodes, a Codis dashboard and Codis proxies.',
    )
    .option('--nodes <count>', 'Pika nodes, pika1 to pikaN', between(1, 1_024), nodes)
    .option(
      '--groups <count>',
      'groups of a master and its replicas made beforehand; 0: empty nodes',
      between(0, 512),
      groups,
    )
    .option('--replicas <count>', 'replicas of each group', between(0, 8), replicas)
    .option('--slots <count>', 'slots that the groups get, from slot 0 up', between(0, 1_024), slots)
    .option('--speed <speed>', 'real, zero, or how many times faster than real servers', speedOf, speed)
    .option('--peer-timeout-ms <ms>', 'when a silent peer is given up', between(10, 3_600_000), 20_000)
    .option('--backend-read-ms <ms>', 'when a proxy gives up a silent node', between(10, 3_600_000), 30_000)
    .option('--base-port <port>', 'first of the ports used; 0: free ones', between(0, 65_000), basePort)
    .option(
      '--control-port <port>',
      'port of the control API; 0: a free one',
      between(0, 65_535),
      controlPort,
    )
    .option('--product <name>', 'name of the Codis product', product)
    .option('--product-auth <text>', 'password of nodes and proxies; none when empty', '')
    .option('--pika-version <version>', `one of ${PIKA_VERSIONS.join(', ')}`, versionOf, pikaVersion)
    .option('--proxies <count>', 'Codis proxies, proxy1 to proxyN', between(0, 16), proxies)
    .option('--json', 'print one JSON line with all addresses when ready')
    .showHelpAfterError('Run it with --help to see the options.');
}

function between(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d{1,9}$/.test(text) && value >= low && value <= high) return value;
    throw new InvalidArgumentError(`Give a whole number from ${low} to ${high}.`);
  };
}

function speedOf(text: string): Speed {
  if (text === 'real' || text === 'zero') return text;
  const times = Number(text);
  if (Number.isFinite(times) && times > 0) return times;
  throw new InvalidArgumentError('Give "real", "zero", or how many times faster, for example 10.');
}

function versionOf(text: string): PikaVersion {
  const version = PIKA_VERSIONS.find((known) => known === text);
  if (version) return version;
  throw new InvalidArgumentError(`Give one of ${PIKA_VERSIONS.join(', ')}.`);
}
