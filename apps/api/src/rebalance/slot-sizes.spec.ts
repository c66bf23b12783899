import { SlotListError } from '@slotferry/cluster';
import { sizesProblem, slotSizesOf } from './slot-sizes';

describe('sizes of a request', () => {
  it('are kept by table and slot', () => {
    expect(slotSizesOf({ '0': 12, '7': 0.5 }, 1, 8)).toEqual(
      new Map([
        ['1/0', 12],
        ['1/7', 0.5],
      ]),
    );
    expect(() => slotSizesOf({ '8': 1 }, 1, 8)).toThrow(SlotListError);
  });

  it.each([
    [{}, null],
    [{ '0': 0, '1023': 1.5 }, null],
    [[1, 2], 'must be an object'],
    [null, 'must be an object'],
    ['0=1', 'must be an object'],
    [{ '0-3': 1 }, '"0-3" in sizes is not the number of a slot'],
    [{ '01': 1 }, 'is not the number of a slot'],
    [{ '0': 1, '3': -1 }, 'the size of slot 3 must be a number from 0'],
    [{ '0': '1' }, 'the size of slot 0'],
    [{ '0': NaN }, 'the size of slot 0'],
    [{ '0': 1e300 }, 'the size of slot 0'],
  ])('%j: %s', (value, problem) => {
    if (problem === null) expect(sizesProblem(value)).toBeNull();
    else expect(sizesProblem(value)).toContain(problem);
  });
});
