import * as fc from 'fast-check';
import { formatSlots, parseSlots, SlotListError } from './slots';

function codeOf(text: string, limit?: number): string {
  try {
    parseSlots(text, limit);
  } catch (error) {
    if (error instanceof SlotListError) return error.code;
    throw error;
  }
  throw new Error(`${text} was accepted`);
}

describe('parseSlots', () => {
  it.each([
    ['0-3,8', [0, 1, 2, 3, 8]],
    ['8,0-3', [0, 1, 2, 3, 8]],
    ['7', [7]],
    ['5-5', [5]],
    [' 1 , 3-4 ', [1, 3, 4]],
    ['1023', [1023]],
  ])('reads %s', (text, slots) => {
    expect(parseSlots(text, 1024)).toEqual(slots);
  });

  it.each([
    '',
    ' ',
    ',',
    '1,',
    '1,,2',
    'a',
    '1-',
    '-1',
    '1-2-3',
    '1.5',
    '1 - 2',
    '0x1',
    '1e3',
    '99999999999',
  ])('refuses %j as syntax', (text) => {
    expect(codeOf(text)).toBe('SLOTS_SYNTAX');
  });

  it('refuses a reversed range and shows the right one', () => {
    expect(codeOf('8-3')).toBe('SLOTS_RANGE_REVERSED');
    expect(() => parseSlots('8-3')).toThrow('The range 8-3 runs backwards');
  });

  it('refuses a slot outside the table', () => {
    expect(codeOf('1024', 1024)).toBe('SLOTS_OUT_OF_RANGE');
    expect(codeOf('1000-1024', 1024)).toBe('SLOTS_OUT_OF_RANGE');
  });

  it('refuses a range too large for any table, without a limit given', () => {
    expect(codeOf('0-999999999')).toBe('SLOTS_OUT_OF_RANGE');
  });

  it.each(['1,1', '0-3,3', '3,0-5', '0-4,2-6'])('refuses %s, which names a slot twice', (text) => {
    expect(codeOf(text)).toBe('SLOTS_DUPLICATE');
  });

  it('says what to do', () => {
    expect.assertions(1);
    try {
      parseSlots('2000', 1024);
    } catch (error) {
      expect(error).toMatchObject({ name: 'SlotListError', remedy: 'Use slots from 0 to 1023.' });
    }
  });
});

describe('formatSlots', () => {
  it.each([
    [[0, 1, 2, 3, 8], '0-3,8'],
    [[8, 3, 2, 2, 1, 0], '0-3,8'],
    [[1, 2], '1-2'],
    [[4], '4'],
    [[], ''],
  ])('prints %j', (slots, text) => {
    expect(formatSlots(slots)).toBe(text);
  });

  it('is read back as the same slots', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 1023 }), { minLength: 1 }), (slots) => {
        expect(parseSlots(formatSlots(slots), 1024)).toEqual([...slots].sort((a, b) => a - b));
      }),
    );
  });
});
