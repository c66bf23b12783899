import { expectUnharmed, moveDisturbed } from '../support/disturbed-move';
import { expectMoved } from '../support/outcome';
import { commands, type Moment, type Point } from '../support/points';
import { useLab } from '../support/use-lab';

const points: Point[] = [
  commands.createAtMaster,
  commands.createAtReplica,
  commands.attachMaster,
  commands.attachReplica,
  commands.detachOldReplica,
  commands.deleteAtReplica,
  commands.deleteAtMaster,
];
const moments: Moment[] = ['received', 'executed'];
const cases = points.flatMap((point) => moments.map((moment) => ({ point, moment, name: point.name })));

/** A worker dies with a command sent but not executed, or executed but not answered. */
describe('a worker killed while clients are not held', () => {
  const use = useLab(2);

  it.each(cases)('at $name, command $moment: another one ends the move', async ({ point, moment }) => {
    const { lab, crew, slot } = use;
    const { id, report } = await moveDisturbed(lab, {
      slot,
      point,
      moment,
      strike: (move) => crew.killActing(move),
      afterwards: () => crew.refill(),
    });
    expectUnharmed(report);
    await expectMoved(lab, id, slot);
  });
});
