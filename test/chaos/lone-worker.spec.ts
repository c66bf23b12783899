import { setTimeout as pause } from 'node:timers/promises';
import { moveDisturbed } from '../support/disturbed-move';
import { eventually } from '../support/eventually';
import { expectMoved } from '../support/outcome';
import { commands, holdingSeen, type Moment, type Point } from '../support/points';
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
        strike: async () => {
          await crew.killAll();
          return 'drop';
        },
        afterwards: () => crew.refill(),
      });
      expect({ errors: report.errors, lost: report.lost }).toEqual({ errors: [], lost: [] });
      await expectMoved(lab, id, slot);
    },
  );

  it('during a hold, with a second of nobody: the new one ends the hold within two seconds of its start', async () => {
    const { lab, crew, slot } = use;
    const { router } = lab.connections.open(lab.definition);
    const { id, report } = await moveDisturbed(lab, {
      slot,
      point: holdingSeen,
      moment: 'executed',
      strike: async () => {
        await crew.killAll();
        return 'drop';
      },
      afterwards: async () => {
        await pause(1_000);
        await crew.refill();
        await eventually(
          'the end of the hold',
          async () => (await router.route({ table: 0, slot })).handover?.state !== 'holding',
          2_000,
        );
      },
    });
    expect({ errors: report.errors, lost: report.lost }).toEqual({ errors: [], lost: [] });
    await expectMoved(lab, id, slot);
  });
});
