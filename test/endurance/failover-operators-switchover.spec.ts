import { switchoverDefinition } from '@slotferry/failover';
import { type WorkflowState } from '@slotferry/workflow';
import { type TapVerdict } from '../../apps/sandbox/src/tap';
import { FailoverLab } from '../support/failover-lab';
import { type FailoverLoad } from '../support/failover-load';
import { expectOneFailover, expectTidy } from '../support/failover-outcome';
import { type FailoverProcess } from '../support/failover-process';
import { type FailoverPoint, trapFailover } from '../support/failover-trap';

const size = 3;
const patienceMs = 30_000;
/** The last proxy has been told to hold. */
const hold: FailoverPoint = {
  servers: ['proxy2'],
  is: ({ text }) => text.startsWith('PUT /api/proxy/fillslots/') && /"locked":\s*true/.test(text),
};

describe('a switchover under load whose worker, while proxies hold,', () => {
  let lab: FailoverLab;
  beforeAll(async () => void (lab = await FailoverLab.start({ workers: size })), 60_000);
  beforeEach(async () => {
    const missing = size - lab.workers.filter(({ alive }) => alive).length;
    await Promise.all(Array.from({ length: missing }, () => lab.hire()));
    await lab.settled();
  }, 60_000);
  afterEach(() => lab.recover(), 60_000);
  afterAll(() => lab.stop());

  interface Switching {
    readonly from: string;
    readonly to: string;
    readonly load: FailoverLoad;
    readonly state: WorkflowState;
  }

  /** Switches group 1 over and strikes in the hold; resolves when the switchover has ended. */
  const switchOver = async (
    strike: (worker: FailoverProcess, scene: { from: string; load: FailoverLoad }) => Promise<TapVerdict>,
  ): Promise<Switching> => {
    const [from = '', to = ''] = await lab.servers(1);
    const load = await lab.write([0, 5]);
    const trap = trapFailover(lab, hold, 'executed', (worker) => strike(worker, { from, load }));
    const names = { from: lab.address(from), to: lab.address(to) };
    const input = { cluster: 'lab', group: 1, ...names, acceptLoss: false, notBefore: '' };
    const { id } = await lab.lab.engine.start(switchoverDefinition, input, { actor: 'operator:test' });
    await trap.sprung;
    const state = await lab.lab.untilEnded(id, patienceMs);
    expect(await lab.lab.engine.verify(id)).toBeNull();
    return { from, to, load, state };
  };

  const expectSwitched = async ({ to, load, state }: Switching): Promise<void> => {
    expect(state.status).toBe('completed');
    await load.served(performance.now());
    expect(await load.stop()).toEqual([]);
    expect((await lab.servers(1))[0]).toBe(to);
    await expectTidy(lab, 1);
  };

  it('is killed, is brought to its end by another one', async () => {
    const earlier = await lab.failovers(1);
    const switched = await switchOver(async (worker) => {
      await worker.kill();
      return 'drop';
    });
    await expectSwitched(switched);
    expect(await lab.failovers(1)).toEqual(earlier);
  }, 60_000);

  it('is frozen, is brought to its end by another one, and by nobody twice when it wakes up', async () => {
    const earlier = await lab.failovers(1);
    let frozen: FailoverProcess | undefined;
    const switched = await switchOver((worker) => {
      frozen = worker;
      worker.freeze();
      return Promise.resolve('pass');
    });
    frozen?.thaw();
    await expectSwitched(switched);
    expect(await lab.failovers(1)).toEqual(earlier);
  }, 60_000);

  it('is killed together with the master, gives way to a failover, and nothing is lost', async () => {
    const earlier = await lab.failovers(1);
    const [, ...replicas] = await lab.servers(1);
    let died = Infinity;
    const { from, load } = await switchOver(async (worker, scene) => {
      await scene.load.rest();
      await lab.level(1, replicas);
      died = performance.now();
      await Promise.all([worker.kill(), lab.node(scene.from).crash()]);
      scene.load.goOn();
      return 'drop';
    });
    await load.served(died);
    await lab.replaced(1, earlier);
    expect(await load.stop()).toEqual([]);
    await expectOneFailover(lab, 1, earlier);
    expect((await lab.servers(1))[0]).not.toBe(from);
  }, 90_000);
});
