import { type TappedCommand, type TapVerdict } from '../../apps/sandbox/src/tap';
import { type FailoverLab } from './failover-lab';
import { type FailoverProcess } from './failover-process';
import { type Moment } from './points';
import { type Trap } from './trap';

/** A command of a failover, and the servers of which any may get it. */
export interface FailoverPoint {
  readonly servers: readonly string[];
  readonly is: (command: TappedCommand) => boolean;
}

const springLimitMs = 20_000;

/** Strikes once, at the worker that sent the command, before the failover can go on. */
export function trapFailover(
  lab: FailoverLab,
  { servers, is }: FailoverPoint,
  moment: Moment,
  strike: (sender: FailoverProcess) => TapVerdict | Promise<TapVerdict>,
): Trap {
  const tapped = servers.map((name) => lab.lab.server(name));
  const disarm = (): void => {
    for (const server of tapped) server.tap = undefined;
  };
  let timer: NodeJS.Timeout | undefined;
  const sprung = new Promise<void>((resolve, reject) => {
    timer = setTimeout(() => {
      disarm();
      reject(new Error(`the command did not come to ${servers.join(', ')} within ${springLimitMs} ms`));
    }, springLimitMs);
    for (const server of tapped) {
      server.tap = async (command) => {
        if (command.moment !== moment || !is(command)) return 'pass';
        disarm();
        const verdict = await actingWorker(lab).then(strike);
        resolve();
        return verdict;
      };
    }
  }).finally(() => clearTimeout(timer));
  sprung.catch(() => undefined); // Whoever awaits it is told; a test that failed earlier never does.
  return { sprung };
}

/** Who began the last attempt at the failover or switchover that is under way. */
async function actingWorker(lab: FailoverLab): Promise<FailoverProcess> {
  const { engine } = lab.lab;
  const open = await engine.list({ scope: 'lab', open: true, limit: 100 });
  const found = open.find(({ workflow }) => workflow === 'failover' || workflow === 'switchover');
  const events = found ? await engine.history(found.id) : [];
  const names = events.flatMap((event) => (event.type === 'attempt-started' ? [event.data.worker] : []));
  const acting = lab.workers.find(({ post }) => post.name === names.at(-1));
  if (!acting) throw new Error(`nobody acts on ${found?.id}, the last one was ${names.at(-1)}`);
  return acting;
}
