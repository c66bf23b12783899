import fc from 'fast-check';
import { adjustPace, fullPace, type Pace } from './pace';

const calm = { holdsTakenBack: 0, slowestAnswerMs: 20, replicaLagBytes: 5_000 };
const slow = { ...calm, slowestAnswerMs: 900 };
const lagging = (mebibytes: number) => ({ ...calm, replicaLagBytes: mebibytes * 1_048_576 });
const t0 = 1_000_000;

describe('the pace', () => {
  it('stays full while nothing suffers', () => {
    expect(adjustPace(fullPace, calm, t0)).toBe(fullPace);
  });

  it('is halved at once, and says why', () => {
    expect(adjustPace(fullPace, slow, t0)).toEqual({
      share: 0.5,
      changedAt: t0,
      why: 'an answer took 900 ms',
    });
    expect(adjustPace(fullPace, { ...calm, holdsTakenBack: 2 }, t0).why).toBe(
      '2 holds went past their budget',
    );
  });

  it('is halved again after 3 s of trouble, not before', () => {
    const halved = adjustPace(fullPace, slow, t0);
    expect(adjustPace(halved, slow, t0 + 2_999)).toBe(halved);
    expect(adjustPace(halved, slow, t0 + 3_000)).toMatchObject({ share: 0.25, changedAt: t0 + 3_000 });
  });

  it('recovers in steps of a tenth every 5 s, up to 1', () => {
    let pace = adjustPace(fullPace, slow, t0);
    expect(adjustPace(pace, calm, t0 + 4_999)).toBe(pace);
    const shares: number[] = [];
    for (let step = 1; step <= 6; step += 1) {
      pace = adjustPace(pace, calm, t0 + step * 5_000);
      shares.push(pace.share);
    }
    expect(shares).toEqual([0.6, 0.7, 0.8, 0.9, 1, 1]);
    expect(pace.why).toBe(fullPace.why);
  });

  it('keeps the first reason while it recovers', () => {
    let pace = adjustPace(fullPace, slow, t0);
    for (const later of [5_000, 10_000]) pace = adjustPace(pace, calm, t0 + later);
    expect(pace.why).toBe('recovering: an answer took 900 ms');
  });

  it('is halved when replicas fall behind, and again only when they fall farther', () => {
    const halved = adjustPace(fullPace, lagging(1), t0);
    expect(halved).toMatchObject({ share: 0.5, why: expect.stringContaining('1.0 MiB behind'), lagLevel: 1 });
    expect(adjustPace(halved, lagging(1.9), t0 + 60_000)).toBe(halved);
    expect(adjustPace(halved, lagging(2), t0 + 1_000)).toBe(halved);
    expect(adjustPace(halved, lagging(2), t0 + 3_000)).toMatchObject({ share: 0.25, lagLevel: 2 });
  });

  it('is taken up again when replicas have caught up, not while they are behind', () => {
    const halved = adjustPace(fullPace, lagging(4), t0);
    const less = adjustPace(halved, lagging(2), t0 + 10_000);
    expect(less).toMatchObject({ share: 0.5, lagLevel: 2 });
    expect(adjustPace(less, calm, t0 + 15_000)).toMatchObject({ share: 0.6, lagLevel: 0 });
  });

  it('never leaves its range, and never goes down twice within 3 s', () => {
    const looks = fc.array(fc.record({ trouble: fc.boolean(), afterMs: fc.nat(8_000) }), { maxLength: 60 });
    fc.assert(
      fc.property(looks, (list) => {
        let [pace, now, fellAt]: [Pace, number, number] = [fullPace, t0, -Infinity];
        for (const { trouble, afterMs } of list) {
          now += afterMs;
          const next = adjustPace(pace, trouble ? slow : calm, now);
          expect(next.share).toBeGreaterThanOrEqual(0.05);
          expect(next.share).toBeLessThanOrEqual(1);
          if (next.share < pace.share) {
            expect(now - fellAt).toBeGreaterThanOrEqual(3_000);
            fellAt = now;
          }
          pace = next;
        }
      }),
    );
  });
});
