import { formatDuration, parseDuration, sleep, systemClock, TimeLimitError, withTimeout } from './time';

describe('parseDuration', () => {
  it.each([
    ['250ms', 250],
    ['10s', 10_000],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['0ms', 0],
  ])('%s is %d ms', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each(['', '10', '10 s', '-1s', '1.5s', 's', '10S', '99999999999s'])('%p is no duration', (text) =>
    expect(parseDuration(text)).toBeNull(),
  );

  it('reads what formatDuration writes', () => {
    for (const ms of [0, 1, 250, 1_000, 1_500, 60_000, 90_000])
      expect(parseDuration(formatDuration(ms))).toBe(ms);
  });
});

describe('withTimeout', () => {
  it('hands on the result, and the error', async () => {
    await expect(withTimeout(Promise.resolve(7), 1_000, 'a number')).resolves.toBe(7);
    await expect(withTimeout(Promise.reject(new Error('no')), 1_000, 'a number')).rejects.toThrow('no');
  });

  it('says what it waited for', async () => {
    const waiting = withTimeout(new Promise(() => undefined), 5, 'the reply of 10.0.0.1:9221');
    await expect(waiting).rejects.toThrow(TimeLimitError);
    await expect(waiting).rejects.toMatchObject({
      code: 'timed-out',
      message: 'Waited 5ms for the reply of 10.0.0.1:9221.',
    });
  });
});

describe('sleep', () => {
  it('ends early with the reason of the signal', async () => {
    const controller = new AbortController();
    const sleeping = sleep(60_000, controller.signal);
    controller.abort(new Error('shutting down'));
    await expect(sleeping).rejects.toThrow('shutting down');
    await expect(sleep(60_000, controller.signal)).rejects.toThrow('shutting down');
  });

  it('lasts as long as asked', async () => {
    const before = systemClock.monotonicMs();
    await sleep(20);
    expect(systemClock.monotonicMs() - before).toBeGreaterThanOrEqual(19);
  });
});
