import { setImmediate as turn } from 'node:timers/promises';
import { OneAtATime } from './one-at-a-time';

describe('work that is woken', () => {
  it('runs once at a time, and once more for all who woke it meanwhile', async () => {
    let begun = 0;
    let finish: () => void = () => undefined;
    const work = new OneAtATime(() => {
      begun += 1;
      return new Promise((resolve) => (finish = resolve));
    });
    work.wake();
    work.wake();
    work.wake();
    expect(begun).toBe(1);
    finish();
    await turn();
    expect(begun).toBe(2);
    finish();
    await turn();
    expect(begun).toBe(2);
    work.wake();
    expect(begun).toBe(3);
    const stopped = work.stop();
    work.wake();
    finish();
    await stopped;
    expect(begun).toBe(3);
  });
});
