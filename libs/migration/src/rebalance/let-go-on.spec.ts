import { nextToGoOn } from './let-go-on';

type Move = Parameters<typeof nextToGoOn>[0][number];

const asleep = (id: string): Move => ({
  id,
  waiting: { code: 'slots-being-created', message: 'They are not there yet.' },
});
const awake = (id: string): Move => ({ id, waiting: null });
const many = (make: (id: string) => Move, from: number, to: number): Move[] =>
  Array.from({ length: to - from }, (_, index) => make(`m${from + index}`));
const names = (moves: readonly Move[]): string[] => moves.map(({ id }) => id);

describe('moves whose slots are all created', () => {
  it('go on at once where they are few', () => {
    const moves = many(asleep, 0, 5);
    expect(nextToGoOn(moves)).toEqual(names(moves));
  });

  it('go on in their order, as many as may be', () => {
    expect(nextToGoOn(many(asleep, 0, 300))).toEqual(names(many(asleep, 0, 256)));
    // Four have come to something.
    const later = [...many(awake, 0, 4), ...many(asleep, 4, 300)];
    expect(nextToGoOn(later)).toEqual(names(many(asleep, 4, 256)));
  });

  it('wait for others as long as these are as many as may be, whatever they wait for', () => {
    const other: Move = { id: 'other', waiting: { code: 'attaching', message: '' } };
    expect(nextToGoOn([other, ...many(awake, 0, 255), ...many(asleep, 255, 270)])).toEqual([]);
  });
});
