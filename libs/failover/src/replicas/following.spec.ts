import type { SeenSlot } from '../store/types';
import { followedBySlot, updateFollowed } from './following';

const [a, b, node] = ['10.0.0.1:9521', '10.0.0.2:9521', '10.0.0.3:9521'];
const slot = (number: number, following: string | null, status = 'kConnected'): SeenSlot => ({
  table: 0,
  slot: number,
  position: { file: 0, offset: 0 },
  following,
  status: following && status,
  lag: null,
});
const look = (at: number, ...slots: SeenSlot[]) => ({ node, at, slots });

describe('whom the slots of a node were last seen following', () => {
  it('is kept while the node has forgotten it', () => {
    const known = updateFollowed([], look(5, slot(1, a), slot(2, a), slot(3, null)));
    expect(known).toEqual([{ table: 0, slots: '1-2', master: a, at: 5 }]);
    expect(updateFollowed(known, look(9, slot(1, null), slot(2, null)))).toBe(known);
    expect(followedBySlot(known)(0, 2)).toEqual({ master: a, at: 5 });
    expect(followedBySlot(known)(0, 3)).toBeNull();
    expect(followedBySlot(known)(1, 2)).toBeNull();
  });

  it('changes only where a slot has got connected to another master', () => {
    const known = updateFollowed([], look(5, slot(1, a), slot(2, a)));
    expect(updateFollowed(known, look(7, slot(1, b, 'kTryConnect'), slot(2, a)))).toBe(known);
    expect(updateFollowed(known, look(9, slot(1, b), slot(2, a)))).toEqual([
      { table: 0, slots: '2', master: a, at: 5 },
      { table: 0, slots: '1', master: b, at: 9 },
    ]);
  });
});
