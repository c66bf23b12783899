import { SlotferryError, toProblem } from './errors';

describe('toProblem', () => {
  it('tells code, message and remedy of our own errors, and nothing of their cause', () => {
    const error = new SlotferryError(
      { code: 'redis-unreachable', message: 'Redis does not answer.', remedy: 'Start it.' },
      { cause: new Error('password hunter2 refused') },
    );
    expect(toProblem(error)).toEqual({
      code: 'redis-unreachable',
      message: 'Redis does not answer.',
      remedy: 'Start it.',
    });
  });

  it('knows errors of the pure libraries by their shape', () => {
    const error = Object.assign(new Error('Slot 9 is named twice'), {
      code: 'SLOTS',
      remedy: 'Name it once.',
    });
    expect(toProblem(error)).toEqual({
      code: 'SLOTS',
      message: 'Slot 9 is named twice',
      remedy: 'Name it once.',
    });
    expect(toProblem(Object.assign(new Error('open /etc/x'), { code: 'ENOENT' }))).toMatchObject({
      code: 'internal',
    });
  });

  it.each([new Error('ENOENT /etc/slotferry/secret'), 'text', undefined])('keeps %p to the log', (thrown) => {
    expect(toProblem(thrown)).toMatchObject({ code: 'internal' });
    expect(JSON.stringify(toProblem(thrown))).not.toContain('/etc');
  });

  it('names errors after their class', () => {
    class ThingError extends SlotferryError {}
    expect(new ThingError({ code: 'a', message: 'b', remedy: 'c' }).name).toBe('ThingError');
  });
});
