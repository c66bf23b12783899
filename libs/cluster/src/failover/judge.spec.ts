import {
  group,
  groups,
  judged,
  NOW,
  seenBy,
  settings,
  summary,
  type Troubles,
  votes,
  WORKERS,
} from './judge.fixture';
import { type NodeCondition, type WorkerVote } from './observation';

const three = groups(3);
const dead: Troubles = { '1:m': ['refused', 1000] };

/** How group 1 of three stands. */
const first = (troubles: Record<string, Troubles>, changes: Parameters<typeof judged>[2] = {}): string =>
  judged(three, votes(three, troubles), changes).map(summary)[0] ?? '';

describe('a master', () => {
  it('that answers everybody is healthy, and so are the others', () => {
    expect(judged(three, votes(three, {})).map(summary)).toEqual(Array(3).fill('Healthy not-down'));
  });

  it('is dead when a majority had no answer for the down-after time', () => {
    const [analysis, ...others] = judged(three, votes(three, seenBy(['w3', 'w1'], dead)));
    expect(analysis).toEqual({
      group: 1,
      master: '1:m',
      analysis: 'MasterDead',
      why: '1:m refuses w1 (1.0 s), answers w2, refuses w3 (1.0 s)',
      against: ['w1', 'w3'],
      counted: 3,
      quorum: 2,
      decision: { kind: 'start', approvalNeeded: false },
    });
    expect(others.map(summary)).toEqual(['Healthy not-down', 'Healthy not-down']);
  });

  it.each([
    ['one worker of three', seenBy(['w1'], dead), 'MasterUnreachable no-quorum'],
    ['all for a moment less', seenBy(WORKERS, { '1:m': ['refused', 999] }), 'MasterUnreachable not-down'],
    [
      'two, one of them too briefly',
      { w1: dead, w2: { '1:m': ['refused', 10] } } as const,
      'MasterUnreachable no-quorum',
    ],
    ['all, by a slow answer', seenBy(WORKERS, { '1:m': ['slow', 0] }), 'MasterSlow not-down'],
    ['one, by a slow answer', seenBy(['w2'], { '1:m': ['slow', 0] }), 'MasterSlow not-down'],
    ['all, out of reach', seenBy(WORKERS, { '1:m': ['unreachable', 5000] }), 'MasterDead start'],
    ['all, hanging', seenBy(WORKERS, { '1:m': ['hanging', 5000] }), 'NodeFrozen start'],
    [
      'hanging for one, out of reach for one',
      { w1: { '1:m': ['hanging', 5000] }, w2: { '1:m': ['unreachable', 5000] } } as const,
      'NodeFrozen start',
    ],
    [
      'hanging for one, refused for one',
      { w1: { '1:m': ['hanging', 5000] }, w2: dead } as const,
      'MasterDead start',
    ],
  ])('missed by %s', (_what, troubles, expected) => {
    expect(first(troubles)).toBe(expected);
  });

  it('gets no younger death from a vote that was cast a while ago', () => {
    const troubles = seenBy(WORKERS, { '1:m': ['refused', 700] });
    expect(first(troubles, { now: NOW + 299 })).toBe('MasterUnreachable not-down');
    expect(first(troubles, { now: NOW + 300 })).toBe('MasterDead start');
  });

  it('is not called dead early by a vote from the future', () => {
    expect(first(seenBy(WORKERS, dead), { now: NOW - 5000 })).toBe('MasterDead start');
    expect(first(seenBy(WORKERS, { '1:m': ['refused', 900] }), { now: NOW - 5000 })).toBe(
      'MasterUnreachable not-down',
    );
  });

  it('that nobody has looked at yet is not healthy', () => {
    const cast: WorkerVote[] = [{ worker: 'w1', at: NOW, nodes: [] }];
    expect(judged([group(1)], cast).map(summary)).toEqual(['MasterUnreachable not-down']);
  });

  it('may have a replica that is broken', () => {
    expect(first(seenBy(['w1', 'w2'], { '1:r1': ['refused', 1000] }))).toBe('ReplicaBroken not-down');
    expect(first(seenBy(['w1'], { '1:r1': ['refused', 1000] }))).toBe('Healthy not-down');
    expect(first(seenBy(WORKERS, { '1:r1': ['refused', 999] }))).toBe('Healthy not-down');
  });
});

describe('the quorum', () => {
  it('is more than half of the workers that live, unless it is said', () => {
    const cast = votes(three, seenBy(WORKERS, dead));
    expect(judged(three, cast.slice(0, 2))[0]).toMatchObject({ quorum: 2, counted: 2 });
    expect(judged(three, cast.slice(0, 1))[0]).toMatchObject({ quorum: 1, analysis: 'MasterDead' });
    expect(judged(three, cast, { settings: settings({ quorum: 3 }) })[0]).toMatchObject({ quorum: 3 });
  });

  it('is not reached by a last worker where two are needed', () => {
    const [analysis] = judged(three, votes(three, seenBy(WORKERS, dead)).slice(0, 1), {
      settings: settings({ quorum: 2 }),
    });
    expect(analysis).toMatchObject({
      analysis: 'MasterUnreachable',
      decision: { refusal: 'no-quorum', message: expect.stringContaining('1 of the 2 workers') },
    });
  });

  it('has to have missed a replica for the down-after time, the last of them too', () => {
    const lately = {
      w1: { '1:r1': ['refused', 10] },
      ...seenBy(['w2', 'w3'], { '1:r1': ['refused', 1000] }),
    } as const;
    expect(first(lately)).toBe('ReplicaBroken not-down');
    expect(first(lately, { settings: settings({ quorum: 3 }) })).toBe('Healthy not-down');
  });

  it("and the down-after time may be a group's own", () => {
    const own = { ...settings(), quorum: 1, downAfterMs: 5000 };
    const changes = { settings: settings({ groups: { 1: own } }) };
    expect(first(seenBy(['w2'], { '1:m': ['refused', 4999] }), changes)).toBe('MasterUnreachable not-down');
    expect(first(seenBy(['w2'], { '1:m': ['refused', 5000] }), changes)).toBe('MasterDead start');
  });
});

describe('a worker that is cut off', () => {
  const nothing: Troubles = Object.fromEntries(
    three
      .flatMap(({ master, replicas }) => [master, ...replicas])
      .map((node) => [node, ['unreachable', 9000] as const]),
  );
  const most: Troubles = Object.fromEntries(Object.entries(nothing).slice(0, 4));
  const half: Troubles = Object.fromEntries(Object.entries(nothing).slice(0, 3));

  it.each([
    ['everything', nothing],
    ['most', most],
  ])('by seeing %s dead that others see alive decides nothing', (_what, troubles) => {
    const cast = votes(three, { w1: troubles });
    expect(judged(three, cast).map(summary)).toEqual(Array(3).fill('ObserverIsolated observer-isolated'));
    expect(judged(three, cast)[0]?.why).toContain(`${Object.keys(troubles).length} of 6 nodes`);
    expect(judged(three, cast, { self: 'w2' }).map(summary)).toEqual(Array(3).fill('Healthy not-down'));
  });

  it('does not count for others, who need each other then', () => {
    const cast = votes(three, { w1: nothing, w2: dead });
    expect(judged(three, cast, { self: 'w2' })[0]).toMatchObject({
      analysis: 'MasterUnreachable',
      against: ['w2'],
      counted: 2,
      quorum: 2,
    });
    const both = judged(three, votes(three, { w1: nothing, w2: dead, w3: dead }), { self: 'w2' })[0];
    expect(both).toMatchObject({ analysis: 'MasterDead', against: ['w2', 'w3'], counted: 2 });
    expect(both?.why).toContain('w1 does not count: 6 of 6 nodes');
  });

  it('together with another outvotes nobody', () => {
    const cast = votes(three, { w1: nothing, w2: nothing });
    expect(judged(three, cast, { self: 'w3' }).map(summary)).toEqual(Array(3).fill('Healthy not-down'));
  });

  it('is not one that sees half of the nodes dead, or one in a world of two nodes', () => {
    expect(judged(three, votes(three, { w1: half }))[0]).toMatchObject({ counted: 3 });
    const one = [group(1)];
    expect(
      judged(one, votes(one, { w1: { '1:m': ['refused', 9], '1:r1': ['refused', 9] } }))[0]?.counted,
    ).toBe(3);
  });

  it('is not one whom only a vote from before contradicts: that worker may have died with the nodes', () => {
    const [w1, w2, w3] = votes(three, seenBy(['w1', 'w2'], { ...dead, ...most }));
    const before = [w1!, w2!, { ...w3!, at: NOW - 9001 }];
    expect(judged(three, before)[0]).toMatchObject({ analysis: 'ManyMastersDead', counted: 3 });
    expect(judged(three, [w1!, w2!, w3!])[0]).toMatchObject({ analysis: 'ObserverIsolated', counted: 1 });
  });

  it('is everybody where nobody votes', () => {
    expect(judged(three, []).map(summary)).toEqual(Array(3).fill('ObserverIsolated observer-isolated'));
  });
});

describe('masters that die together', () => {
  const mastersOf = (
    numbers: readonly number[],
    seen: readonly [NodeCondition, silentMs: number] = ['refused', 1000],
  ): Troubles => Object.fromEntries(numbers.map((number) => [`${number}:m`, seen]));
  const started = (count: number): string[] => Array<string>(count).fill('MasterDead start');
  const leftAlone = (count: number): string[] =>
    Array<string>(count).fill('ManyMastersDead many-masters-dead');
  const outcome = (count: number, troubles: Troubles): string[] =>
    judged(groups(count), votes(groups(count), seenBy(WORKERS, troubles))).map(summary);

  it('are left alone when they are all of three or more', () => {
    expect(outcome(3, mastersOf([1, 2, 3]))).toEqual(Array(3).fill('ManyMastersDead many-masters-dead'));
  });

  it('are replaced up to half of all, whatever they die of', () => {
    expect(outcome(4, mastersOf([1, 2], ['unreachable', 1000])).slice(0, 2)).toEqual(started(2));
  });

  it('are replaced above that where each machine says that the process is gone, and a replica of each answers', () => {
    expect(outcome(3, mastersOf([1, 2])).slice(0, 2)).toEqual(started(2));
    expect(outcome(5, mastersOf([1, 2, 3])).slice(0, 3)).toEqual(started(3));
  });

  it.each<[string, Troubles]>([
    ['one of them is only out of reach', mastersOf([2], ['unreachable', 1000])],
    ['one of them hangs', mastersOf([2], ['hanging', 1000])],
    ['no replica of one of them answers', { '1:r1': ['refused', 1000] }],
  ])('are left alone above that where %s', (_what, troubles) => {
    expect(outcome(3, { ...mastersOf([1, 2]), ...troubles }).slice(0, 2)).toEqual(leftAlone(2));
  });

  it('are left alone above that where only some are told that the process is gone', () => {
    const unreachable = mastersOf([1, 2], ['unreachable', 1000]);
    const cast = votes(three, { w1: mastersOf([1, 2]), w2: unreachable, w3: unreachable });
    expect(judged(three, cast).map(summary).slice(0, 2)).toEqual(leftAlone(2));
  });

  it('are both replaced where there are two and a replica of each answers', () => {
    expect(outcome(2, mastersOf([1, 2]))).toEqual(started(2));
    const frozen = mastersOf([1, 2], ['hanging', 1000]);
    expect(outcome(2, frozen)).toEqual(['NodeFrozen start', 'NodeFrozen start']);
  });

  it('are both left alone where there are two and no replica of one answers', () => {
    expect(outcome(2, { ...mastersOf([1, 2]), '2:r1': ['refused', 1000] })).toEqual(leftAlone(2));
  });

  it('are left alone where there are two and nothing else answers', () => {
    const all: Troubles = { ...mastersOf([1, 2]), '1:r1': ['refused', 1000], '2:r1': ['unreachable', 1000] };
    expect(outcome(2, all)).toEqual(Array(2).fill('ManyMastersDead many-masters-dead'));
  });

  it('hold each other up already while the last of them is only suspected', () => {
    const outcomes = outcome(3, { ...mastersOf([1]), ...mastersOf([2, 3], ['refused', 20]) });
    expect(outcomes).toEqual([
      'ManyMastersDead many-masters-dead',
      'MasterUnreachable not-down',
      'MasterUnreachable not-down',
    ]);
  });

  it('do not include one that has been dead for long', () => {
    const outcomes = outcome(3, { ...mastersOf([1]), ...mastersOf([2], ['unreachable', 600_000]) });
    expect(outcomes[0]).toBe('MasterDead start');
  });

  it('do not include those that nobody is sent to', () => {
    const watched = [group(1), group(2), group(3, { ownsSlots: false }), group(4, { ownsSlots: false })];
    const cast = votes(watched, seenBy(WORKERS, mastersOf([1, 3, 4])));
    expect(judged(watched, cast).map(summary)).toEqual([
      'MasterDead start',
      'Healthy not-down',
      'MasterDead owns-nothing',
      'MasterDead owns-nothing',
    ]);
  });

  it('are told as such to whoever is on call', () => {
    const [analysis] = judged(three, votes(three, seenBy(WORKERS, mastersOf([1, 2, 3]))));
    expect(analysis?.decision).toMatchObject({
      message: expect.stringContaining('3 masters fell silent together (groups 1, 2, 3)'),
    });
  });
});
