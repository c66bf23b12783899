import { chunkAfter, type Missing } from './create-missing';

/** Nodes that lack so many slots each. */
const lacking = (...counts: number[]): Missing[] =>
  counts.map((count) => ({
    node: {} as Missing['node'],
    table: 0,
    slots: Array.from({ length: count }, (_, slot) => slot),
    serves: false,
  }));

describe('how many slots the next command creates', () => {
  /** All commands for a node without clients that lacks so many slots. */
  const chunks = (slots: number): number[] => {
    const sent: number[] = [];
    for (let left = slots; left > 0; left -= sent.at(-1) ?? 0)
      sent.push(Math.min(left, chunkAfter(sent.at(-1) ?? 0, lacking(left, 1))));
    return sent;
  };

  it.each([
    [3, [3]],
    [30, [4, 8, 9, 5, 4]],
    [96, [4, 8, 16, 32, 18, 9, 5, 4]],
  ])('of %i is few at first and at the end', (slots, expected) => expect(chunks(slots)).toEqual(expected));

  it('is no more than a node can be left alone with', () => {
    expect(Math.max(...chunks(1_024))).toBe(32);
    expect(chunks(1_024).length).toBeLessThan(50);
  });
});
