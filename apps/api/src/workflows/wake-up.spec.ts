import { WakeUp } from './wake-up';

const never = new AbortController().signal;

describe('WakeUp', () => {
  it('ends when somebody rings', async () => {
    const wakeUp = new WakeUp(60_000, never);
    const woken = wakeUp.next();
    wakeUp.ring();
    await expect(woken).resolves.toBeUndefined();
  });

  it('does not lose a ring that came while nobody waited', async () => {
    const wakeUp = new WakeUp(60_000, never);
    wakeUp.ring();
    await expect(wakeUp.next()).resolves.toBeUndefined();
  });

  it('ends by itself when its time is over', async () => {
    await expect(new WakeUp(1, never).next()).resolves.toBeUndefined();
  });

  it('ends when it is stopped, before or while waiting', async () => {
    const stop = new AbortController();
    const waiting = new WakeUp(60_000, stop.signal).next();
    stop.abort();
    await expect(waiting).resolves.toBeUndefined();
    await expect(new WakeUp(60_000, stop.signal).next()).resolves.toBeUndefined();
  });
});
