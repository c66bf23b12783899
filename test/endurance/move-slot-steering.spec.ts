import { type TapVerdict } from '../../apps/sandbox/src/tap';
import { type Steering } from '@slotferry/workflow';
import { Load } from '../support/load';
import { expectMoved, expectTakenBack } from '../support/outcome';
import {
  catchingUp,
  commands,
  holdingSeen,
  type Moment,
  type Point,
  preflightBegun,
} from '../support/points';
import { assigning, holdAt } from '../support/proxy-points';
import { setTrap } from '../support/trap';
import { Scene } from '../e2e/scene';

const actor = { actor: 'operator:test' };
/** No client waits longer, whatever an operator does: the hold budget of 1 s and 2 s more. */
const heldLimitMs = 3_000;

interface Place {
  readonly phase: string;
  readonly point: Point;
  readonly moment: Moment;
  /** What a cancel does there. */
  readonly cancelled: 'taken-back' | 'moved';
}

const place = (phase: string, point: Point, moment: Moment, cancelled: Place['cancelled']): Place => ({
  phase,
  point,
  moment,
  cancelled,
});

/** One moment or more of every phase. */
const everywhere: readonly Place[] = [
  place('preflight', preflightBegun, 'received', 'taken-back'),
  place('create-slots', commands.createAtMaster, 'executed', 'taken-back'),
  place('attach-master', commands.attachMaster, 'executed', 'taken-back'),
  place('attach-replicas', commands.attachReplica, 'executed', 'taken-back'),
  place('catch-up', catchingUp, 'received', 'taken-back'),
];
/** A look at the new replica when its master follows nobody any more. */
const verifying: Point = {
  name: 'looking whether the new replica follows',
  server: 'pika6',
  is: ({ text }, slot, lab) =>
    text.endsWith(`info slot ${slot}`) &&
    lab.node('pika6').findSlot({ table: 0, slot })?.attachment?.state === 'kConnected' &&
    lab.node('pika5').findSlot({ table: 0, slot })?.attachment === undefined,
};
const afterwards: readonly Place[] = [
  place('verify', verifying, 'received', 'moved'),
  place('clean-up', commands.detachOldReplica, 'executed', 'moved'),
  place('clean-up', commands.deleteAtMaster, 'received', 'moved'),
];

const ways: readonly { readonly way: 'dashboard' | 'proxies'; readonly places: readonly Place[] }[] = [
  {
    way: 'dashboard',
    places: [
      ...everywhere,
      place('handover', commands.queue, 'executed', 'taken-back'),
      place('handover', holdingSeen, 'executed', 'taken-back'),
      place('handover', commands.detachMaster, 'received', 'moved'),
      place('handover', commands.detachMaster, 'executed', 'moved'),
      ...afterwards,
    ],
  },
  {
    way: 'proxies',
    places: [
      ...everywhere,
      place('handover', holdAt('proxy1'), 'received', 'taken-back'),
      place('handover', holdAt('proxy2'), 'executed', 'taken-back'),
      place('handover', commands.detachMaster, 'executed', 'taken-back'),
      place('handover', assigning, 'received', 'moved'),
      place('handover', assigning, 'executed', 'moved'),
      ...afterwards,
    ],
  },
];

describe.each(ways)('steering a move whose requests are held by the $way', ({ way, places }) => {
  let scene: Scene;
  let slot = -1;
  beforeAll(async () => {
    scene = await Scene.start({ slotsPerGroup: 64, handover: way });
  });
  beforeEach(() => void (slot += 1));
  afterEach(() => scene.recover());
  afterAll(() => scene.stop());

  const steer = (id: string, request: Steering) => scene.lab.engine.steer(id, request, actor);
  const cases = places.map((one) => ({ ...one, name: `${one.phase}: ${one.point.name}` }));

  /** Moves the slot under load; in the moment named, and after it, the operator does something. */
  const steered = async (
    { point, moment }: Place,
    inTheMoment: (id: string) => Promise<unknown>,
    later: (id: string) => Promise<unknown> = () => Promise.resolve(),
  ): Promise<string> => {
    const load = await Load.start(scene.lab.proxies, [slot]);
    try {
      let tell: (id: string) => void = () => undefined;
      const started = new Promise<string>((resolve) => (tell = resolve));
      const trap = setTrap(scene.lab, slot, point, moment, async (): Promise<TapVerdict> => {
        await inTheMoment(await started);
        return 'pass';
      });
      const id = await scene.lab.move(slot);
      tell(id);
      await trap.sprung;
      await later(id);
      await scene.lab.untilEnded(id, 20_000);
      const { lost, errors, longestStallOverallMs } = await load.stop();
      expect({ lost, errors }).toEqual({ lost: [], errors: [] });
      expect(longestStallOverallMs).toBeLessThan(heldLimitMs);
      return id;
    } finally {
      await load.stop();
    }
  };

  it.each(cases)('pause and resume at $name, $moment', async (where) => {
    const id = await steered(
      where,
      (move) => steer(move, { kind: 'pause', reason: 'the test' }),
      async (move) => {
        // A hold that had begun is ended, one way or the other; then nothing happens any more.
        const rests = async (): Promise<boolean> =>
          (await scene.lab.engine.get(move)).guard === null && (await attempts()) === 0;
        await scene.eventually('rest', rests);
        const state = await scene.lab.engine.get(move);
        if (state.endedAt !== null) return;
        expect(state.paused).toBe(true);
        await steer(move, { kind: 'resume' });
      },
    );
    await expectMoved(scene.lab, id, slot);
  });

  it.each(cases)('cancel at $name, $moment: $cancelled', async (where) => {
    const id = await steered(where, (move) => steer(move, { kind: 'cancel', reason: 'the test' }));
    await (where.cancelled === 'moved' ? expectMoved : expectTakenBack)(scene.lab, id, slot);
  });

  it.each(cases)('pause, then cancel, at $name, $moment: $cancelled', async (where) => {
    const id = await steered(where, async (move) => {
      await steer(move, { kind: 'pause', reason: 'the test' });
      await steer(move, { kind: 'cancel', reason: 'the test' });
    });
    await (where.cancelled === 'moved' ? expectMoved : expectTakenBack)(scene.lab, id, slot);
  });

  it.each(cases)('change, and what is refused, at $name, $moment: it goes on', async (where) => {
    const id = await steered(where, async (move) => {
      await steer(move, { kind: 'change', settings: { masters: {} }, reason: 'the test' });
      for (const request of [
        { kind: 'retry', reason: 'the test' },
        { kind: 'approve', code: 'target-holds-copy', note: 'the test' },
      ] as const) {
        await expect(steer(move, request)).rejects.toMatchObject({ code: 'steering-refused' });
      }
    });
    await expectMoved(scene.lab, id, slot);
  });

  const attempts = (): Promise<number> => scene.lab.client.zcard(scene.lab.engine.log.keys.attempts);
});
