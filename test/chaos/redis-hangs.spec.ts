import { setTimeout as pause } from 'node:timers/promises';
import { expectUnharmed, moveDisturbed } from '../support/disturbed-move';
import { expectMoved } from '../support/outcome';
import { holdingSeen } from '../support/points';
import { useLab } from '../support/use-lab';

/** Longer than clients may be held. */
const hangsMs = 4_000;

/**
 * A Redis that takes connections and answers nothing is found out by waiting, which a lease has to outlast: after it nobody may act.
 */
describe('Redis hanging', () => {
  const use = useLab(2, { SLOTFERRY_ATTEMPT_LEASE: '3s' });

  it('during a hold: clients are let go all the same', async () => {
    const { lab, slot } = use;
    const { id, report } = await moveDisturbed(lab, {
      slot,
      point: holdingSeen,
      moment: 'executed',
      strike: () => {
        lab.redis.freeze();
        return 'pass';
      },
      afterwards: async () => {
        await pause(hangsMs);
        lab.redis.thaw();
      },
    });
    expectUnharmed(report);
    await expectMoved(lab, id, slot);
  });
});
