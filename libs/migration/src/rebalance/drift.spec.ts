import { viewOf } from '../../test/view';
import { describeDrift, findDrift, queuedByOthers } from './drift';

const moves = [0, 1, 2, 3].map((slot) => ({ table: 0, slot, from: 1, to: 3 }));

describe('drift between a plan and the cluster', () => {
  it('is none while sources own their slots, or their targets do already', () => {
    expect(findDrift(moves, viewOf([1, 3, 1, 1]))).toEqual([]);
  });

  it('is another owner, nobody, or a slot that is not there', () => {
    const drift = findDrift(moves, viewOf([2, null, 1]));
    expect(drift).toEqual([
      { kind: 'owner', move: moves[0], owner: 2 },
      { kind: 'owner', move: moves[1], owner: null },
      { kind: 'owner', move: moves[3], owner: null },
    ]);
    expect(describeDrift(drift.slice(0, 2))).toBe(
      'slot 0 belongs to group 2, not to group 1; slot 1 belongs to nobody, not to group 1',
    );
  });

  it('is a handover by somebody else, also to the group that is wanted', () => {
    const view = viewOf([1, 1, 1, 1]);
    const routes = view.routes.map((route) =>
      route.slot === 2 ? { ...route, handover: { state: 'holding' as const, target: 3 } } : route,
    );
    const drift = findDrift(moves, { ...view, routes });
    expect(drift).toEqual([{ kind: 'handover', move: moves[2], target: 3, queued: false }]);
    expect(describeDrift(drift)).toBe('slot 2 is being handed over to group 3 by somebody else');
    expect(queuedByOthers(drift)).toEqual([]);
  });

  it('says of a handover that is only queued how it can be taken over', () => {
    const view = viewOf([1, 1, 1, 1]);
    const routes = view.routes.map((route) =>
      route.slot === 2 ? { ...route, handover: { state: 'queued' as const, target: 2 } } : route,
    );
    const drift = findDrift(moves, { ...view, routes });
    expect(describeDrift(drift)).toContain("stands in the router's queue for group 2");
    expect(describeDrift(drift)).toContain('--adopt');
    expect(queuedByOthers(drift)).toEqual([moves[2]]);
  });

  it.each([
    ['is gone', [['a:1'], ['c:1']]],
    ['has no server', [['a:1'], ['c:1'], []]],
  ])('is a target group that %s, told once', (_, servers) => {
    const drift = findDrift(moves, viewOf([1, 1, 1, 1], servers));
    expect(drift).toEqual([{ kind: 'group', group: 3 }]);
    expect(describeDrift(drift)).toBe('group 3 has no server at the router');
  });

  it('is described by its first three differences', () => {
    expect(describeDrift(findDrift(moves, viewOf([2, 2, 2, 2])))).toMatch(/slot 2 belongs.*; and 1 more$/);
  });
});
