import { type TapVerdict } from '../../apps/sandbox/src/tap';
import { catchingUp, commands, holdingSeen, type Moment, type Point } from '../support/points';
import { setTrap } from '../support/trap';
import { Rebalancing } from './rebalancing';
import { Scene } from './scene';

interface Case {
  readonly phase: string;
  readonly point: Point;
  readonly moment: Moment;
  readonly result: { readonly moved: number; readonly skipped: number };
}

const skipped = { moved: 1, skipped: 1 };
const tooLate = { moved: 2, skipped: 0 };
const cases: readonly Case[] = [
  { phase: 'attach-master', point: commands.attachMaster, moment: 'executed', result: skipped },
  { phase: 'attach-replicas', point: commands.attachReplica, moment: 'executed', result: skipped },
  { phase: 'catch-up', point: catchingUp, moment: 'received', result: skipped },
  { phase: 'handover', point: commands.queue, moment: 'executed', result: skipped },
  { phase: 'handover, while clients are held', point: holdingSeen, moment: 'executed', result: skipped },
  { phase: 'clean-up', point: commands.deleteAtReplica, moment: 'received', result: tooLate },
];

describe('a slot of a rebalance that is left out', () => {
  let scene: Scene;
  let rebalancing: Rebalancing;
  let slot = -2;
  beforeAll(async () => {
    // Small binlog files: what is filled here may cost a copy, and its move attaches it by itself.
    scene = await Scene.start({
      slotsPerGroup: 18,
      sandbox: { binlog: { fileSize: 500, keptEntries: 5 } },
    });
    rebalancing = new Rebalancing(scene.lab);
    for (let filled = 0; filled < 2 * cases.length; filled += 1) await scene.fill('pika1', filled, 12);
  });
  beforeEach(() => void (slot += 2));
  afterEach(async () => {
    await scene.recover();
    await rebalancing.endAll();
  });
  afterAll(() => scene.stop());

  it.each(cases)('in $phase ends with $result, and the others move', async ({ point, moment, result }) => {
    let tell: (id: string) => void = () => undefined;
    const started = new Promise<string>((resolve) => (tell = resolve));
    const trap = setTrap(scene.lab, slot, point, moment, async (): Promise<TapVerdict> => {
      await rebalancing.cancel(rebalancing.child(await started, slot));
      return 'pass';
    });
    const id = await rebalancing.beginMoving([slot, slot + 1], { inFlight: 1 });
    tell(id);
    await trap.sprung;
    const state = await rebalancing.ended(id);
    expect({ status: state.status, result: state.phaseRecords.move?.result }).toEqual({
      status: 'completed',
      result,
    });
    const owners = await rebalancing.expectTidy();
    expect(owners.get(slot + 1)).toBe(3);
    expect(owners.get(slot)).toBe(result.skipped === 1 ? 1 : 3);
  });

  /** Leaves out the move of a slot that was attached ahead, in the moment that is told. */
  const leaveOut = async (
    others: readonly number[],
    moment: (child: string) => Promise<unknown>,
  ): Promise<void> => {
    const id = await rebalancing.beginMoving([slot, ...others]);
    const child = rebalancing.child(id, slot);
    await moment(child);
    const { input } = await scene.lab.engine.summary(child);
    expect(input).toMatchObject({
      prepared: { source: scene.address('pika1'), target: scene.address('pika5') },
    });
    await rebalancing.cancel(child);
    await scene.recover();
    const state = await rebalancing.ended(id);
    expect({ status: state.status, result: state.phaseRecords.move?.result }).toEqual({
      status: 'completed',
      result: { moved: others.length, skipped: 1 },
    });
    const owners = await rebalancing.expectTidy();
    expect(owners.get(slot)).toBe(1);
    expect(others.filter((one) => owners.get(one) !== 3)).toEqual([]);
  };

  it('that was attached ahead and gets nothing from its source', async () => {
    await scene.fill('pika1', slot, 3);
    scene.lab.node('pika1').holdsReplication = true;
    await leaveOut([slot + 1], (child) =>
      scene.lab.until(child, 'its attachment', ({ phase }) => /^(attach-|catch-up)/.test(phase), 20_000),
    );
  });

  it('that was attached ahead and waits until all slots are created', async () => {
    // Group 3 serves clients by now, so that its slots are created one by one.
    const others = [18, 19, 20, 21, 22, 23, 24];
    await leaveOut(others, (child) => scene.waited(child, 'slots-being-created'));
  });
});
