import { CliError } from '../cli-error';
import { type GoalOptions, goalOf } from './goal';

describe('goalOf', () => {
  it.each<[GoalOptions, ReturnType<typeof goalOf>]>([
    [{}, null],
    [{ even: true }, { kind: 'even' }],
    [{ weights: '1=1,3=2.5' }, { kind: 'even', weights: { '1': 1, '3': 2.5 } }],
    [
      { even: true, weights: '2=0' },
      { kind: 'even', weights: { '2': 0 } },
    ],
    [{ even: true, by: 'written' }, { kind: 'even-by-written' }],
    [
      { weights: '3=2', by: 'written', tolerance: 0.02, table: 1 },
      { kind: 'even-by-written', weights: { '3': 2 }, tolerance: 0.02, table: 1 },
    ],
    [
      { even: true, sizes: { '0': 12, '1': 7 } },
      { kind: 'even-by-sizes', sizes: { '0': 12, '1': 7 } },
    ],
    [
      { even: true, sizes: {}, table: 1 },
      { kind: 'even-by-sizes', sizes: {}, table: 1 },
    ],
    [{ drain: 'group:2' }, { kind: 'drain', group: 2 }],
    [{ drain: '2' }, { kind: 'drain', group: 2 }],
    [
      { slots: '0-29', to: 3 },
      { kind: 'slots', slots: '0-29', table: 0, to: 3 },
    ],
    [
      { slots: '8', to: 3, table: 1 },
      { kind: 'slots', slots: '8', table: 1, to: 3 },
    ],
    [{ undo: 'rb-1' }, { kind: 'undo', workflow: 'rb-1' }],
  ])('%j is %j', (options, goal) => {
    expect(goalOf(options)).toEqual(goal);
  });

  it.each<[GoalOptions, string]>([
    [{ even: true, drain: '2' }, 'one goal at a time, not 2'],
    [{ slots: '0-29' }, '--slots needs the group'],
    [{ even: true, to: 3 }, '--to goes with --slots'],
    [{ even: true, table: 1 }, '--table goes with --slots, --by or --sizes'],
    [{ by: 'written' }, '--by and --sizes go with --even or --weights'],
    [{ drain: '2', sizes: {} }, '--by and --sizes go with --even or --weights'],
    [{ even: true, by: 'written', sizes: {} }, '--by and --sizes are two measures'],
    [{ even: true, by: 'keys' }, 'slots cannot be measured by "keys"'],
    [{ even: true, tolerance: 0.1 }, '--tolerance goes with --by or --sizes'],
    [{ even: true, by: 'written', drain: '2' }, 'one goal at a time, not 2'],
    [{ even: true, by: 'written', slots: '0', to: 3, table: 1 }, 'one goal at a time, not 2'],
    [{ weights: '1:2' }, '"1:2" is not a group with its weight'],
    [{ weights: '1=2,1=3' }, 'group 1 has two weights'],
    [{ drain: 'two' }, '"two" is not a group'],
    [{ drain: '10.0.0.1:9221' }, 'a single node cannot be emptied'],
  ])('%j is refused', (options, message) => {
    expect(() => goalOf(options)).toThrow(CliError);
    expect(() => goalOf(options)).toThrow(message);
  });
});
