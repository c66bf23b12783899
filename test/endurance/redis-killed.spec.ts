import { setTimeout as pause } from 'node:timers/promises';
import { expectUnharmed, moveDisturbed } from '../support/disturbed-move';
import { expectMoved } from '../support/outcome';
import { commands, holdingSeen, type Moment, type Point } from '../support/points';
import { useLab } from '../support/use-lab';

const cases: { point: Point; moment: Moment }[] = [
  { point: commands.createAtMaster, moment: 'executed' },
  { point: commands.attachReplica, moment: 'received' },
  { point: commands.queue, moment: 'executed' },
  { point: holdingSeen, moment: 'executed' },
  { point: commands.detachMaster, moment: 'received' },
  { point: commands.detachMaster, moment: 'executed' },
  { point: commands.deleteAtReplica, moment: 'executed' },
];
const awayMs = 1_500;

/** The log is away: nobody may begin anything, and whoever holds clients has to let them go all the same. */
describe('Redis killed and started again', () => {
  const use = useLab(2);

  it.each(cases.map((one) => ({ ...one, name: one.point.name })))(
    'at $name, $moment: clients are not kept waiting for it, and the move ends right',
    async ({ point, moment }) => {
      const { lab, slot } = use;
      const { id, report } = await moveDisturbed(lab, {
        slot,
        point,
        moment,
        strike: async (): Promise<'pass'> => {
          await lab.redis.kill();
          return 'pass';
        },
        afterwards: async () => {
          await pause(awayMs);
          await lab.redis.restart();
        },
      });
      expectUnharmed(report);
      await expectMoved(lab, id, slot);
    },
  );
});
