import { moveDisturbed } from '../support/disturbed-move';
import { expectMoved } from '../support/outcome';
import { commands, type Moment, type Point } from '../support/points';
import { useLab } from '../support/use-lab';

const cases: { point: Point; moment: Moment }[] = [
  { point: commands.createAtReplica, moment: 'executed' },
  { point: commands.attachReplica, moment: 'received' },
  { point: commands.detachMaster, moment: 'executed' },
  { point: commands.deleteAtMaster, moment: 'executed' },
];

/** Nobody is there to take over until somebody starts one anew. */
describe('the only worker killed and started again', () => {
  const use = useLab(1);

  it.each(cases.map((one) => ({ ...one, name: one.point.name })))(
    'at $name, command $moment: the new one ends the move',
    async ({ point, moment }) => {
      const { lab, crew, slot } = use;
      const { id, report } = await moveDisturbed(lab, {
        slot,
        point,
        moment,
        strike: () => crew.killAll(),
        afterwards: () => crew.refill(),
      });
      expect({ errors: report.errors, lost: report.lost }).toEqual({ errors: [], lost: [] });
      await expectMoved(lab, id, slot);
    },
  );
});
