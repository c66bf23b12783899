import { expectUnharmed, moveDisturbed } from '../support/disturbed-move';
import { expectMoved } from '../support/outcome';
import { commands, holdingSeen, type Moment, type Point, switchSeen } from '../support/points';
import { useLab } from '../support/use-lab';

const cases: { point: Point; moment: Moment }[] = [
  { point: commands.queue, moment: 'received' },
  { point: commands.queue, moment: 'executed' },
  { point: holdingSeen, moment: 'executed' },
  { point: commands.detachMaster, moment: 'received' },
  { point: commands.detachMaster, moment: 'executed' },
  { point: switchSeen(), moment: 'executed' },
];

/** The dangerous part: clients stand still until another worker has found out which way is safe. */
describe('a worker killed around the hold', () => {
  const use = useLab(2);

  it.each(cases.map((one) => ({ ...one, name: one.point.name })))(
    'at $name, $moment: another one ends the hold in time, and the move',
    async ({ point, moment }) => {
      const { lab, crew, slot } = use;
      const { id, report } = await moveDisturbed(lab, {
        slot,
        point,
        moment,
        strike: async (move) => {
          await (await crew.actingOn(move)).kill();
          return 'drop';
        },
        afterwards: () => crew.refill(),
      });
      expectUnharmed(report);
      await expectMoved(lab, id, slot);
    },
  );
});
