import { chunkOf, type Missing } from './create-missing';

/** Nodes that lack so many slots each. */
const lacking = (...counts: number[]): Missing[] =>
  counts.map((count) => ({
    node: {} as Missing['node'],
    table: 0,
    slots: Array.from({ length: count }, (_, slot) => slot),
    serves: false,
  }));

describe('how many slots one command creates', () => {
  it.each([
    [[], 4],
    [[3], 4],
    [[30, 30], 5],
    [[40, 12], 7],
    [[96], 8],
    [[191], 8],
    [[192, 4], 16],
    [[1_024], 16],
  ])('of nodes that lack %j is %i', (counts, chunk) => expect(chunkOf(lacking(...counts))).toBe(chunk));
});
