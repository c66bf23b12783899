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
    [{ even: true, to: 3 }, '--to and --table go with --slots'],
    [{ weights: '1:2' }, '"1:2" is not a group with its weight'],
    [{ weights: '1=2,1=3' }, 'group 1 has two weights'],
    [{ drain: 'two' }, '"two" is not a group'],
    [{ drain: '10.0.0.1:9221' }, 'a single node cannot be emptied'],
  ])('%j is refused', (options, message) => {
    expect(() => goalOf(options)).toThrow(CliError);
    expect(() => goalOf(options)).toThrow(message);
  });
});
