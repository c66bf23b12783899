import { type TapVerdict } from '../../apps/sandbox/src/tap';
import { expectUnharmed, moveDisturbed } from '../support/disturbed-move';
import { eventually } from '../support/eventually';
import { type MigratorProcess } from '../support/migrator-process';
import { expectMoved } from '../support/outcome';
import { commands, holdingSeen, type Moment, type Point, switchSeen } from '../support/points';
import { recordChanges } from '../support/trap';
import { useLab } from '../support/use-lab';

const cases: { point: Point; moment: Moment }[] = [
  { point: commands.queue, moment: 'executed' },
  { point: holdingSeen, moment: 'executed' },
  { point: commands.detachMaster, moment: 'received' },
  { point: commands.detachMaster, moment: 'executed' },
  { point: switchSeen(), moment: 'executed' },
];
const noticeLimitMs = 5_000;

/** A stopped process believes that it still holds its lease when it goes on: its clock has to tell it otherwise. */
describe('a worker frozen around the hold', () => {
  const use = useLab(2);
  let frozen: MigratorProcess | undefined;

  const freeze = async (id: string): Promise<TapVerdict> => {
    frozen = await use.crew.actingOn(id);
    frozen.freeze();
    return 'pass';
  };

  afterEach(() => frozen?.kill());

  it.each(cases.map((one) => ({ ...one, name: one.point.name })))(
    'at $name, $moment: another one ends the move, and the frozen one does nothing when it goes on',
    async ({ point, moment }) => {
      const { lab, slot } = use;
      const { id, report } = await moveDisturbed(lab, { slot, point, moment, strike: freeze });
      expectUnharmed(report);
      await expectMoved(lab, id, slot);

      const { length } = await lab.engine.history(id);
      const changes = recordChanges(lab);
      frozen?.thaw();
      await eventually(
        'its word that it lost its lease',
        () => frozen?.log.includes('lease-lost'),
        noticeLimitMs,
      );
      expect(changes.stop()).toEqual([]);
      expect(await lab.engine.history(id)).toHaveLength(length);
    },
  );

  it('and continued while another one is at it: the move ends right all the same', async () => {
    const { lab, slot } = use;
    const { id, report } = await moveDisturbed(lab, {
      slot,
      point: commands.detachMaster,
      moment: 'received',
      strike: freeze,
      afterwards: async (move) => {
        const taken = (_: unknown, events: readonly { type: string }[]): boolean =>
          events.some(({ type }) => type === 'attempt-abandoned');
        await lab.until(move, 'somebody taking over', taken, 10_000);
        frozen?.thaw();
      },
    });
    expectUnharmed(report);
    await expectMoved(lab, id, slot);
  });
});
