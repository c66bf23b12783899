import { type Tap, type TapVerdict } from '../../apps/sandbox/src/tap';
import { type Lab } from './lab';
import { type Moment, type Point } from './points';

/** Waits for a moment of a move and strikes once, before the move can go on. */
export interface Trap {
  /** Resolves when the strike is over; fails when it failed. */
  readonly sprung: Promise<void>;
}

const springLimitMs = 20_000;

/** `strike` decides what becomes of the command: `drop` for a worker that dies with it. */
export function setTrap(
  lab: Lab,
  slot: number,
  point: Point,
  moment: Moment,
  strike: () => TapVerdict | Promise<TapVerdict>,
): Trap {
  const server = lab.server(point.server);
  let armed = true;
  let timer: NodeJS.Timeout | undefined;
  const sprung = new Promise<void>((resolve, reject) => {
    const tap: Tap = async (command) => {
      if (!armed || command.moment !== moment || !point.is(command, slot, lab)) return 'pass';
      armed = false;
      server.tap = undefined;
      try {
        const verdict = await strike();
        resolve();
        return verdict;
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
        return 'pass';
      }
    };
    server.tap = tap;
    timer = setTimeout(() => {
      server.tap = undefined;
      reject(new Error(`${point.name} did not come within ${springLimitMs} ms`));
    }, springLimitMs);
  }).finally(() => clearTimeout(timer));
  sprung.catch(() => undefined); // Whoever awaits it is told; a test that failed earlier never does.
  return { sprung };
}

/** Notes every command that would change something at the dashboard, a proxy or a node, until it is stopped. */
export function recordChanges(lab: Lab): { stop(): string[] } {
  const proxies = [...lab.sandbox.proxies.values()].map(({ process }) => process);
  const servers = [lab.sandbox.dashboard.process, ...proxies, ...lab.sandbox.nodes.values()];
  const seen: string[] = [];
  for (const server of servers) {
    server.tap = ({ text, moment }) => {
      if (moment === 'received' && !/^(GET|pkcluster info)/.test(text)) seen.push(text);
      return 'pass';
    };
  }
  return {
    stop: () => {
      for (const server of servers) server.tap = undefined;
      return seen;
    },
  };
}
