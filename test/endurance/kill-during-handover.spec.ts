import { setTimeout as pause } from 'node:timers/promises';
import { expectUnharmed, moveDisturbed } from '../support/disturbed-move';
import { eventually } from '../support/eventually';
import { expectMoved } from '../support/outcome';
import { commands, holdingSeen, type Moment, type Point, switchSeen, takingBack } from '../support/points';
import { setTrap } from '../support/trap';
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
        strike: (move) => crew.killActing(move),
        afterwards: () => crew.refill(),
      });
      expectUnharmed(report);
      await expectMoved(lab, id, slot);
    },
  );

  it('and everybody else too, for a second: whoever comes then ends the hold within two seconds', async () => {
    const { lab, crew, slot } = use;
    const { router } = lab.connections.open(lab.definition);
    const { id, report } = await moveDisturbed(lab, {
      slot,
      point: holdingSeen,
      moment: 'executed',
      strike: () => crew.killAll(),
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

  it('and the one that takes the hold back, too: a third one finishes what is left of that', async () => {
    const { lab, crew, slot } = use;
    const { id, report } = await moveDisturbed(lab, {
      slot,
      point: holdingSeen,
      moment: 'executed',
      strike: (move) => crew.killActing(move),
      afterwards: async (move) => {
        const trap = setTrap(lab, slot, takingBack, 'executed', () => crew.killActing(move));
        await Promise.all([trap.sprung, crew.refill()]);
        await crew.refill();
      },
    });
    expectUnharmed(report);
    await expectMoved(lab, id, slot);
  });
});
