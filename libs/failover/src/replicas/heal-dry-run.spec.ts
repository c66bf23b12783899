import type { Finding, FindingCode } from './finding';
import { type HealInput, healDryRun } from './heal-dry-run';

const [a, b] = ['10.0.0.1:9521', '10.0.0.2:9521'];
const seen = (node: string, offsets: Record<number, number>, following: string | null = null) => ({
  node,
  at: 0,
  slots: Object.entries(offsets).map(([slot, offset]) => ({
    table: 0,
    slot: Number(slot),
    position: { file: 0, offset },
    following,
    status: following && 'kConnected',
    lag: null,
  })),
});
const finding = (code: FindingCode, ...slots: number[]): Finding => ({
  code,
  group: 1,
  node: b,
  master: a,
  slots: slots.map((slot) => ({ table: 0, slot })),
  since: 0,
  message: '',
});
const input = (given: Partial<HealInput>): HealInput => ({
  findings: [finding('returned-master', 1, 2, 3)],
  seen: new Map([
    [a, seen(a, { 1: 900, 2: 900, 3: 900 })],
    [b, seen(b, { 1: 378, 2: 300 })],
  ]),
  followed: new Map(),
  promotions: new Map([
    [
      1,
      [
        {
          workflow: 'fo-1',
          at: 0,
          oldMaster: b,
          newMaster: a,
          positions: new Map([
            [0, new Map([1, 2, 3].map((slot) => [slot, { file: 0, offset: 300 }] as const))],
          ]),
        },
      ],
    ],
  ]),
  discard: 'export',
  ...given,
});
const steps = (given: Partial<HealInput>): unknown =>
  healDryRun(input(given))[0]?.steps.map(({ step, slots }) => [step, slots.map(({ slot }) => slot)]);

describe('what a rejoin would do', () => {
  it('keeps what only a returned master holds, and replaces only that', () => {
    expect(steps({})).toEqual([
      ['create', [3]],
      ['export', [1]],
      ['detach', [1]],
      ['full-copy', [1]],
      ['attach', [3, 2]],
    ]);
    expect(healDryRun(input({}))[0]?.discardedBytes).toBe(78);
  });

  it('asks, or lets go, as the policy says', () => {
    expect(steps({ discard: 'keep', findings: [finding('returned-master', 1)] })).toEqual([
      ['ask', [1]],
      ['detach', [1]],
      ['full-copy', [1]],
    ]);
    expect(steps({ discard: 'discard', findings: [finding('returned-master', 1)] })).toEqual([
      ['detach', [1]],
      ['full-copy', [1]],
    ]);
  });

  it('cannot count writes of unknown history', () => {
    expect(healDryRun(input({ promotions: new Map() }))[0]?.discardedBytes).toBeNull();
  });

  it('replaces a hollow copy, and attaches one anew that waits for ever', () => {
    const following = new Map([
      [a, seen(a, { 1: 900 })],
      [b, seen(b, { 1: 0 }, a)],
    ]);
    expect(steps({ findings: [finding('hollow', 1)], seen: following })).toEqual([
      ['detach', [1]],
      ['full-copy', [1]],
    ]);
    expect(steps({ findings: [finding('stuck-waiting', 1)], seen: following })).toEqual([['attach', [1]]]);
  });

  it('attaches nothing to a master that lacks the slot', () => {
    expect(steps({ findings: [finding('returned-master', 7)] })).toEqual([['none-master-lacks-slot', [7]]]);
  });
});
