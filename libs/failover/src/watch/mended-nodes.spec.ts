import type { SeenNode } from '../store/types';
import { MendedNodes } from './mended-nodes';

const looksAt = (at: number): ReadonlyMap<string, SeenNode> =>
  new Map(['a', 'b'].map((node) => [node, { node, at, slots: [] }]));

describe('looks at nodes that are mended', () => {
  it('count again once they were taken after the end of the rejoin was seen', () => {
    const mended = new MendedNodes();
    const counted = (lookedAt: number, rejoining: readonly string[], now: number): string[] => [
      ...mended.take(looksAt(lookedAt), rejoining, now).keys(),
    ];
    expect(counted(900, [], 1_000)).toEqual(['a', 'b']);
    expect(counted(1_900, ['a'], 2_000)).toEqual(['b']);
    expect(counted(2_900, [], 3_000)).toEqual(['b']);
    expect(counted(2_900, [], 3_500)).toEqual(['b']);
    expect(counted(3_100, [], 4_000)).toEqual(['a', 'b']);
    expect(counted(3_100, [], 5_000)).toEqual(['a', 'b']);
  });

  it('do not count where the rejoin was over before anybody looked for it', () => {
    const mended = new MendedNodes();
    mended.begin('a');
    expect([...mended.take(looksAt(1_500), [], 2_000).keys()]).toEqual(['b']);
    expect([...mended.take(looksAt(2_500), [], 3_000).keys()]).toEqual(['a', 'b']);
  });
});
