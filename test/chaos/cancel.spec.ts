import { expectUnharmed, moveDisturbed } from '../support/disturbed-move';
import { expectMoved, expectTakenBack } from '../support/outcome';
import {
  catchingUp,
  commands,
  holdingSeen,
  type Moment,
  type Point,
  preflightBegun,
} from '../support/points';
import { useLab } from '../support/use-lab';

const before: { point: Point; moment: Moment }[] = [
  { point: preflightBegun, moment: 'received' },
  { point: commands.createAtMaster, moment: 'received' },
  { point: commands.createAtReplica, moment: 'executed' },
  { point: commands.attachMaster, moment: 'received' },
  { point: commands.attachMaster, moment: 'executed' },
  { point: commands.attachReplica, moment: 'executed' },
  { point: catchingUp, moment: 'received' },
  { point: commands.queue, moment: 'received' },
  { point: commands.queue, moment: 'executed' },
  { point: holdingSeen, moment: 'executed' },
];
const after: { point: Point; moment: Moment }[] = [
  { point: commands.detachMaster, moment: 'received' },
  { point: commands.detachMaster, moment: 'executed' },
  { point: commands.detachOldReplica, moment: 'executed' },
];
const named = <T extends { point: Point }>(cases: T[]): (T & { name: string })[] =>
  cases.map((one) => ({ ...one, name: one.point.name }));

/** Cancel always ends: by undoing before the point of no return, by going forward after it. */
describe('a move cancelled', () => {
  const use = useLab(1);
  const cancel = async (id: string): Promise<'pass'> => {
    await use.lab.engine.steer(id, { kind: 'cancel', reason: 'test' }, { actor: 'operator:test' });
    return 'pass';
  };

  it.each(named(before))('at $name, $moment: leaves nothing behind', async ({ point, moment }) => {
    const { lab, slot } = use;
    const { id, report } = await moveDisturbed(lab, { slot, point, moment, strike: cancel });
    expectUnharmed(report);
    await expectTakenBack(lab, id, slot);
  });

  it.each(named(after))('at $name, $moment: goes on to its end', async ({ point, moment }) => {
    const { lab, slot } = use;
    const { id, report } = await moveDisturbed(lab, { slot, point, moment, strike: cancel });
    expectUnharmed(report);
    await expectMoved(lab, id, slot);
  });
});
