import { setTimeout as pause } from 'node:timers/promises';
import { nextBeat } from './beat';

describe('a beat', () => {
  it('wakes together those who began to wait at different times', async () => {
    const woken: number[] = [];
    const waiting = [];
    for (let index = 0; index < 4; index += 1) {
      waiting.push(nextBeat(500).then(() => woken.push(performance.now())));
      await pause(7);
    }
    await Promise.all(waiting);
    const beats = new Set(woken.map((at) => Math.round(at / 500)));
    // A beat may have come while they began to wait.
    expect(beats.size).toBeLessThanOrEqual(2);
  });

  it('comes no later than its interval', async () => {
    const begunAt = performance.now();
    await nextBeat(20);
    expect(Math.floor(begunAt / 20)).toBeLessThan(Math.floor((performance.now() + 1) / 20));
  });
});
