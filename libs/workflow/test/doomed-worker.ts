import { eventually } from './eventually';
import { Playground, put, type Run } from './playground';

/** A worker process that comes to grief in the phase alpha, in the way its third argument names. */
const [url = '', worldUrl = '', namespace = '', fate = ''] = process.argv.slice(2);

const dies = (): Promise<never> => {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
};

const fates: Record<string, Run> = {
  'dies before its command': async (context) =>
    context.command({ target: 'world', action: 'put alpha', send: dies }),
  'dies after its command': async (context, world) =>
    context.command({
      target: 'world',
      action: 'put alpha',
      send: async (gate) => {
        gate();
        await world.put('alpha');
        return dies();
      },
    }),
  'dies under a guard': async (context, world) => {
    await context.persist({ guard: { name: 'hold', expiresInMs: 600 } });
    await world.put('hold');
    return dies();
  },
  freezes: async (context, world) => {
    await context
      .command({
        target: 'world',
        action: 'put alpha',
        send: async (gate) => {
          await world.put('before the frost');
          process.kill(process.pid, 'SIGSTOP');
          gate();
          await world.put('never');
        },
      })
      .catch((error: { code: string }) => world.put(`refused: ${error.code}`));
    return put(context, world);
  },
};

const play = new Playground(url, worldUrl, namespace);
play.worker({ alpha: fates[fate] ?? put }, { worker: 'doomed', leaseMs: 1_000 });
process.on('SIGTERM', () => process.exit(0));
void eventually('the end', async () => false, 60_000).catch(() => process.exit(1));
