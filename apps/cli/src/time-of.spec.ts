import { timeOf } from './time-of';

const noon = Date.parse('2026-11-22T12:00:00Z');

describe('timeOf', () => {
  it.each([
    ['12:01', '2026-11-22T12:01:00.000Z'],
    ['12:00', '2026-11-23T12:00:00.000Z'],
    ['03:30', '2026-11-23T03:30:00.000Z'],
    ['2026-11-23T03:30:00Z', '2026-11-23T03:30:00.000Z'],
    ['2026-11-23T03:30+01:00', '2026-11-23T02:30:00.000Z'],
  ])('at noon %s is %s', (text, time) => {
    expect(timeOf(text, noon)).toBe(time);
  });

  it.each(['24:00', '3:30', 'tonight', '2026-11-23', '2026-11-23T03:30:00', '2026-13-01T00:00:00Z', ''])(
    'refuses %j',
    (text) => {
      expect(() => timeOf(text, noon)).toThrow('Write 03:30 (UTC)');
    },
  );
});
