import { type JudgeInput, type WatchedGroup } from './analysis';
import {
  group,
  judged,
  NOW,
  seenBy,
  settings,
  summary,
  type Troubles,
  votes,
  WORKERS,
} from './judge.fixture';

const dead: Troubles = { '1:m': ['refused', 1000] };

function decided(changes: Partial<WatchedGroup>, input: Partial<JudgeInput> = {}, troubles = dead): string {
  const watched = [group(1, changes), group(2), group(3)];
  const [analysis] = judged(watched, votes(watched, seenBy(WORKERS, troubles)), input);
  if (analysis?.decision.kind === 'nothing') expect(analysis.decision.message).toMatch(/^[A-Z].* .*\.$/);
  return analysis ? summary(analysis) : '';
}

const nightly = settings({
  windows: [
    { from: 60, to: 360 },
    { from: 1320, to: 30 },
  ],
});

describe('the failover of a group whose master is dead', () => {
  it.each<[string, Partial<WatchedGroup>, Partial<JudgeInput>, string]>([
    ['begins by itself', {}, {}, 'start'],
    ['waits for approval', {}, { settings: settings({ mode: 'propose' }) }, 'propose'],
    ['is off', {}, { settings: settings({ mode: 'off' }) }, 'mode-off'],
    [
      'is off for the group',
      {},
      { settings: settings({ groups: { 1: settings({ mode: 'off' }) } }) },
      'mode-off',
    ],
    ['is not begun in maintenance', {}, { maintenance: true }, 'maintenance'],
    [
      'is not even proposed in maintenance',
      {},
      { maintenance: true, settings: settings({ mode: 'propose' }) },
      'maintenance',
    ],
    ['is under way', { underWay: true }, {}, 'under-way'],
    ['is of no use without slots', { ownsSlots: false }, {}, 'owns-nothing'],
    ['is impossible without replicas', { replicas: [] }, {}, 'no-replica'],
    ['is held up by the block', { blockedUntil: NOW + 1 }, {}, 'block-active'],
    ['begins once the block ends', { blockedUntil: NOW }, {}, 'start'],
    [
      'is proposed in spite of the block',
      { blockedUntil: NOW + 1 },
      { settings: settings({ mode: 'propose' }) },
      'propose',
    ],
    ['waits for its window', {}, { settings: nightly, minuteOfDay: 59 }, 'outside-window'],
    ['begins with its window', {}, { settings: nightly, minuteOfDay: 60 }, 'start'],
    ['waits again when the window ends', {}, { settings: nightly, minuteOfDay: 360 }, 'outside-window'],
    ['begins before midnight', {}, { settings: nightly, minuteOfDay: 1439 }, 'start'],
    ['begins after midnight', {}, { settings: nightly, minuteOfDay: 29 }, 'start'],
    [
      'waits again after the window over midnight',
      {},
      { settings: nightly, minuteOfDay: 30 },
      'outside-window',
    ],
    [
      'is proposed at any time',
      {},
      { settings: { ...nightly, mode: 'propose' }, minuteOfDay: 59 },
      'propose',
    ],
  ])('%s', (_what, changes, input, expected) => {
    expect(decided(changes, input)).toBe(`MasterDead ${expected}`);
  });

  it('waits for a replica that answers anybody', () => {
    const silent: Troubles = { ...dead, '1:r1': ['unreachable', 10] };
    expect(decided({}, {}, silent)).toBe('MasterDead no-replica');
    expect(decided({ replicas: ['1:r1', '1:r2'] }, {}, silent)).toBe('MasterDead start');
  });

  it('does not wait for a replica that nobody has looked at yet', () => {
    const watched = [group(1), group(2), group(3)];
    const cast = votes(watched, seenBy(WORKERS, dead)).map((vote) => ({
      ...vote,
      nodes: vote.nodes.filter(({ node }) => node !== '1:r1'),
    }));
    expect(judged(watched, cast).map(summary)[0]).toBe('MasterDead start');
  });

  it('names windows and the end of the block', () => {
    const watched = [group(1, { blockedUntil: NOW + 60_000 }), group(2), group(3)];
    const cast = votes(watched, seenBy(WORKERS, dead));
    expect(judged(watched, cast)[0]?.decision).toMatchObject({
      message: expect.stringContaining('2030-01-01T12:01:00.000Z'),
    });
    expect(judged(watched, cast, { settings: nightly })[0]?.decision).toMatchObject({
      message: expect.stringContaining('01:00-06:00 and 22:00-00:30 UTC'),
    });
  });
});
