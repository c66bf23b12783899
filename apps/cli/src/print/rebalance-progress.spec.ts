import { type RebalanceProgress } from '@slotferry/migration';
import { showBar, showRebalanceProgress } from './rebalance-progress';

const begun: RebalanceProgress = {
  total: 8,
  moved: 0,
  moving: 2,
  waiting: 6,
  stuck: 0,
  skipped: 0,
  boundBy: 'in-flight',
  pace: 1,
  paceBecause: 'nothing slows it down',
  opensAt: null,
  ratePerSecond: null,
  etaSeconds: null,
  held: null,
};

describe('the progress of a rebalance', () => {
  it('tells what is known and why the rest waits', () => {
    expect(showRebalanceProgress(begun)).toBe('0 of 8 moved, 2 on their way, 6 waiting (in-flight)');
  });

  it('tells why it was slowed down, what is stuck, and how long clients were held', () => {
    const slowed: RebalanceProgress = {
      ...begun,
      moved: 2,
      moving: 1,
      waiting: 4,
      stuck: 1,
      boundBy: 'slowed-down',
      pace: 0.5,
      paceBecause: 'an answer took 512 ms',
      ratePerSecond: 0.5,
      etaSeconds: 10,
      held: { median: 31, p99: 88, max: 88 },
    };
    expect(showRebalanceProgress(slowed)).toBe(
      '2 of 8 moved, 1 on their way, 4 waiting (slowed down to 50%: an answer took 512 ms), 1 STUCK, ' +
        '0.5 a second, 10.0 s left, clients held 31 ms (p99 88 ms, longest 88 ms)',
    );
  });

  it.each([
    ['creating-slots', null, 'slots are being created'],
    ['too-many-stuck', null, 'too many are stuck'],
    ['held-by-others', null, 'other workflows hold their slots'],
    ['outside-windows', '2026-03-01T01:00:00.000Z', 'until the window at 01:00 UTC'],
    ['outside-windows', null, 'no window ever opens'],
    ['copies-per-source', null, 'copies-per-source'],
    ['copies-per-target', null, 'copies-per-target'],
  ] as const)('says what binds: %s until %s', (boundBy, opensAt, words) => {
    expect(showRebalanceProgress({ ...begun, boundBy, opensAt })).toContain(`6 waiting (${words})`);
  });

  it('draws a bar that is full when all have ended', () => {
    expect(showBar(begun)).toMatch(/^\[\.{24}\] {3}0% {2}0 of 8/);
    expect(showBar({ ...begun, moved: 2, waiting: 4 })).toMatch(/^\[#{6}\.{18}\] {2}25% /);
    const ended = { ...begun, moved: 7, skipped: 1, moving: 0, waiting: 0, boundBy: 'nothing-left' as const };
    expect(showBar(ended)).toMatch(/^\[#{24}\] 100% {2}7 of 8 moved, 1 left out$/);
  });
});
