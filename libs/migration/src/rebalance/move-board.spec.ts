import { summary } from '../../test/board';
import { childId, countStages, readBoard } from './move-board';

const moves = [0, 1, 2, 3, 4, 5, 6, 7].map((slot) => ({ table: 0, slot, from: 1, to: 3 }));
const child = (slot: number): string => `rb-s0-${slot}`;

describe('the board of a rebalance', () => {
  it('tells the stage of every move', () => {
    const parent = {
      id: 'rb',
      children: {
        [child(1)]: 'open',
        [child(2)]: 'open',
        [child(3)]: 'open',
        [child(4)]: 'completed',
        [child(5)]: 'cancelled',
        [child(7)]: 'open',
      },
    } as const;
    const said = [
      summary(child(1), 'running'),
      summary(child(2), 'blocked'),
      summary(child(3), 'failed'),
      summary(child(7), 'paused'),
    ];
    const board = readBoard(parent, moves, new Set(['0/6']), said);
    expect(board.map(({ stage }) => stage)).toEqual([
      'waiting',
      'moving',
      'stuck',
      'stuck',
      'moved',
      'skipped',
      'moved',
      'moving',
    ]);
    expect(board[2]?.summary).toBe(said[1]);
    expect(countStages(board)).toEqual({ waiting: 1, moving: 2, stuck: 2, moved: 2, skipped: 1 });
  });

  it('takes a child that says nothing, or has ended and was not noted yet, for moving', () => {
    const parent = { id: 'rb', children: { [child(0)]: 'open', [child(1)]: 'open' } } as const;
    const board = readBoard(parent, moves.slice(0, 2), new Set(), [summary(child(1), 'completed')]);
    expect(board.map(({ stage }) => stage)).toEqual(['moving', 'moving']);
  });

  it.each([
    ['running', 'moving'],
    ['undoing', 'moving'],
    ['blocked', 'stuck'],
    ['completed', 'moved'],
    ['cancelled', 'skipped'],
  ] as const)('knows a child that is %s though the parent never noted its start', (status, stage) => {
    const board = readBoard({ id: 'rb', children: {} }, moves.slice(0, 1), new Set(), [
      summary(child(0), status),
    ]);
    expect(board[0]?.stage).toBe(stage);
  });

  it('gives the child of a move one id, other ones for other tables', () => {
    const [move] = moves;
    if (!move) throw new Error('there is one');
    expect(childId('rb', move)).toBe('rb-s0-0');
    expect(childId('rb', { ...move, table: 2 })).toBe('rb-s2-0');
  });
});
