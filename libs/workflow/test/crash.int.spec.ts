import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { startRedis, type TestRedis } from '../../../test/support/redis';
import { done } from '../src/outcome';
import { eventually } from './eventually';
import { Playground, put, type Behaviour } from './playground';

let server: TestRedis;
let play: Playground;
let child: ChildProcess | undefined;

beforeAll(async () => void (server = await startRedis()));
afterAll(() => server.stop());
beforeEach(() => void (play = new Playground(server.url, server.url)));
afterEach(async () => {
  child?.kill('SIGKILL');
  await play.close();
});

function doomed(fate: string): ChildProcess {
  const file = (name: string): string => join(__dirname, name);
  child = spawn(
    process.execPath,
    [
      ...['-r', file('../../../test/support/run-typescript.cjs'), file('doomed-worker.ts')],
      ...[server.url, server.url, play.namespace, fate],
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  return child;
}

async function endsWhole(id: string): Promise<void> {
  expect((await play.ended(id)).status).toBe('completed');
  expect(await play.engine.verify(id)).toBeNull();
  expect(await play.events(id, 'phase-completed')).toHaveLength(3);
  expect(await play.events(id, 'attempt-abandoned')).toMatchObject([
    { actor: 'watchdog:w1', data: { worker: 'doomed', detectedBy: 'w1', phase: 'alpha' } },
  ]);
}

it.each(['dies before its command', 'dies after its command'])(
  'a worker %s: another one finishes',
  async (fate) => {
    const id = await play.start();
    await once(doomed(fate), 'exit');
    play.worker();
    await endsWhole(id);
    expect(await play.world.things()).toEqual(['alpha', 'beta', 'gamma']);
    expect(await play.events(id, 'command-issued')).toHaveLength(4);
  },
);

it('a worker dies under a guard: another one ends the guarded section within a second of its deadline', async () => {
  let freedAt = 0;
  const behaviour: Behaviour = {
    alpha: async (context, world) => {
      if (!context.state.guard) return put(context, world);
      await world.take('hold');
      freedAt = Date.now();
      await context.releaseGuard();
      return done();
    },
  };
  const id = await play.start();
  await once(doomed('dies under a guard'), 'exit');
  play.worker(behaviour);
  await endsWhole(id);
  const { guard } = (await play.engine.get(id)) ?? {};
  expect(guard).toBeNull();
  const [armed] = await play.events(id, 'guard-armed');
  const late = freedAt - Date.parse(armed?.at ?? '') - 600;
  expect(late).toBeGreaterThanOrEqual(0);
  expect(late).toBeLessThan(1_000);
});

it('a worker that was frozen past its lease sends nothing and appends nothing', async () => {
  const id = await play.start();
  const frozen = doomed('freezes');
  await eventually('the frost', async () => (await play.world.things()).includes('before the frost'));
  play.worker();
  await endsWhole(id);
  const before = await play.events(id);
  frozen.kill('SIGCONT');
  await eventually('the refusal', async () => (await play.world.things()).includes('refused: lease-lost'));
  const exited = once(frozen, 'exit');
  frozen.kill('SIGTERM');
  await exited;
  expect(await play.world.sent()).not.toContain('put never');
  expect(await play.events(id)).toEqual(before);
});
