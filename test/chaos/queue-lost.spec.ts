import { expectUnharmed, moveDisturbed } from '../support/disturbed-move';
import { type Lab } from '../support/lab';
import { expectMoved } from '../support/outcome';
import { commands, holdingSeen, type Point } from '../support/points';
import { useLab } from '../support/use-lab';

const points: Point[] = [
  commands.createAtReplica,
  commands.attachMaster,
  commands.queue,
  holdingSeen,
  commands.detachMaster,
  commands.detachOldReplica,
];

/** The queue only carries work: what should be in it follows from the log. */
describe('every key of the queue deleted', () => {
  const use = useLab(2);

  it.each(points)('at $name: nothing but a delay', async (point) => {
    const { lab, slot } = use;
    let deleted = 0;
    const { id, report } = await moveDisturbed(lab, {
      slot,
      point,
      moment: 'executed',
      strike: async (): Promise<'pass'> => {
        deleted = await deleteQueue(lab);
        return 'pass';
      },
    });
    expect(deleted).toBeGreaterThan(0);
    expectUnharmed(report);
    await expectMoved(lab, id, slot);
  });
});

/** Returns how many keys there were. */
async function deleteQueue({ client }: Lab): Promise<number> {
  const keys = await client.keys('{slotferry}:migration:*');
  return keys.length === 0 ? 0 : client.del(...keys);
}
