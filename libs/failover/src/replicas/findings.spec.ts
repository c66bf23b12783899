import type { SlotRoute } from '@slotferry/cluster';
import type { Promotion, SeenNode, SeenSlot } from '../store/types';
import { type Findings, type FindingsInput, findReplicaProblems } from './findings';

const [a, b, c] = ['10.0.0.1:9521', '10.0.0.2:9521', '10.0.0.3:9521'];
const route = (slot: number): SlotRoute => ({ table: 0, slot, group: 1, handover: null });
const view = {
  routes: [route(1), route(2), { ...route(3), group: 2 }],
  groups: [{ id: 1, servers: [a, b], promoting: false, outOfSync: false }],
};
const slot = (number: number, offset: number, given: Partial<SeenSlot> = {}): SeenSlot => ({
  table: 0,
  slot: number,
  position: { file: 0, offset },
  following: null,
  status: null,
  lag: null,
  ...given,
});
const connected = { following: a, status: 'kConnected', lag: 0 };
const master = (offset = 500): SeenSlot[] => [slot(1, offset), slot(2, offset)];
const followedA = new Map([[b, [{ table: 0, slots: '1-2', master: a, at: 0 }]]]);

/** Looks every second at what does not change, for so long. */
function watch(
  atReplica: readonly SeenSlot[],
  seconds: number,
  given: Partial<FindingsInput> & { readonly atMaster?: readonly SeenSlot[]; readonly from?: number } = {},
): Findings {
  const { atMaster = master(), from = 0, past = [], ...rest } = given;
  let found: Findings = { findings: [], suspicions: past };
  for (let now = from; now <= from + seconds * 1_000; now += 1_000) {
    const seen = new Map<string, SeenNode>([
      [a, { node: a, at: now, slots: atMaster }],
      [b, { node: b, at: now, slots: atReplica }],
    ]);
    found = findReplicaProblems({
      view,
      seen,
      followed: new Map(),
      promotions: new Map(),
      leaveOut: [],
      busyGroups: [],
      busyNodes: [],
      past: found.suspicions,
      now,
      ...rest,
    });
  }
  return found;
}

const codes = ({ findings }: Findings): string[] => findings.map(({ code }) => code);
const promotion: Promotion = {
  workflow: 'fo-1',
  at: 0,
  oldMaster: b,
  newMaster: a,
  positions: new Map([
    [
      0,
      new Map([
        [1, { file: 0, offset: 300 }],
        [2, { file: 0, offset: 300 }],
      ]),
    ],
  ]),
};
const promotions = new Map([[1, [promotion]]]);

describe('what is wrong with replicas', () => {
  it('is nothing while all follow', () => {
    const found = watch([slot(1, 500, connected), slot(2, 400, { ...connected, lag: 0 })], 60);
    expect(found).toEqual({ findings: [], suspicions: [] });
  });

  it.each([
    ['a master that returned', [slot(1, 500), slot(2, 500)], {}, 2, 'returned-master'],
    [
      'a replica that restarted',
      [slot(1, 500), slot(2, 500)],
      { followed: followedA },
      2,
      'restarted-writable',
    ],
    [
      'one that follows somebody else',
      [slot(1, 500, { ...connected, following: c }), slot(2, 500, connected)],
      {},
      3,
      'wrong-master',
    ],
    [
      'one that is refused',
      [slot(1, 500, { ...connected, status: 'kError' }), slot(2, 500, connected)],
      {},
      1,
      'refused-by-master',
    ],
    [
      'one that waits for ever',
      [slot(1, 500, { ...connected, status: 'kWaitReply' }), slot(2, 500, connected)],
      {},
      5,
      'stuck-waiting',
    ],
    [
      'an empty one that gets nothing',
      [slot(1, 0, { ...connected, lag: 500 }), slot(2, 500, connected)],
      {},
      5,
      'hollow',
    ],
    [
      'one that gets nothing any more',
      [slot(1, 400, { ...connected, lag: 100 }), slot(2, 500, connected)],
      {},
      20,
      'hollow',
    ],
    ['one without a slot', [slot(2, 500, connected)], {}, 5, 'slot-missing'],
  ] as const)('is %s, once it has lasted', (_what, atReplica, given, seconds, code) => {
    expect(codes(watch(atReplica, seconds - 1, given))).toEqual([]);
    const [finding] = watch(atReplica, seconds, given).findings;
    expect(finding).toMatchObject({ code, group: 1, node: b, master: a, since: 0 });
    expect(finding?.message).toContain(b);
  });

  it('names all slots of one kind of trouble together, the most urgent kind first', () => {
    const found = watch([slot(1, 500)], 10);
    expect(found.findings.map((one) => [one.code, one.slots.map((ref) => ref.slot)])).toEqual([
      ['returned-master', [1]],
      ['slot-missing', [2]],
    ]);
  });

  it('is not a slot that only moves slowly', () => {
    let past: Findings['suspicions'] = [];
    for (let second = 0; second < 60; second += 1) {
      const found = watch([slot(1, second, { ...connected, lag: 300 }), slot(2, 500, connected)], 0, {
        past,
        from: second * 1_000,
      });
      expect(codes(found)).toEqual([]);
      past = found.suspicions;
    }
  });

  it('begins to count anew when the trouble was gone in between', () => {
    const { suspicions } = watch([slot(2, 500, connected)], 4);
    const well = watch([slot(1, 500, connected), slot(2, 500, connected)], 0, {
      past: suspicions,
      from: 5_000,
    });
    expect(codes(watch([slot(2, 500, connected)], 4, { past: well.suspicions, from: 6_000 }))).toEqual([]);
  });

  it('is nothing of a group or node that somebody is at work on, or of slots of a move', () => {
    expect(codes(watch([], 60, { busyGroups: [1] }))).toEqual([]);
    expect(codes(watch([], 60, { busyNodes: [b] }))).toEqual([]);
    expect(watch([], 60, { leaveOut: [{ table: 0, slot: 1 }] }).findings[0]?.slots).toEqual([
      { table: 0, slot: 2 },
    ]);
  });

  it('is nothing of a slot that the master itself lacks', () => {
    expect(codes(watch([slot(2, 500, connected)], 60, { atMaster: [slot(2, 500)] }))).toEqual([]);
  });

  it('is nothing of a node that was not seen for a while', () => {
    const stale = new Map<string, SeenNode>([
      [a, { node: a, at: 60_000, slots: master() }],
      [b, { node: b, at: 50_000, slots: [] }],
    ]);
    expect(codes(watch([], 60, { seen: stale }))).toEqual([]);
  });

  it('is nothing that was seen before the last promotion: then the old master was the master', () => {
    const later = new Map([[1, [{ ...promotion, at: 3_001 }]]]);
    expect(codes(watch(master(300), 3, { promotions: later }))).toEqual([]);
    expect(codes(watch(master(300), 6, { promotions: later }))).toEqual(['returned-master']);
  });

  describe('a copy that held writes of its own', () => {
    const returned = [slot(1, 378), slot(2, 200)];
    const attached = [slot(1, 500, connected), slot(2, 500, connected)];

    it('is diverged as soon as somebody has attached it plainly, and stays so', () => {
      const { suspicions } = watch(returned, 1, { promotions });
      const found = watch(attached, 30, { promotions, past: suspicions, from: 2_000 });
      expect(found.findings.map((one) => [one.code, one.slots.map((ref) => ref.slot)])).toEqual([
        ['diverged', [1]],
      ]);
    });

    it('is well when a full copy has replaced it', () => {
      const { suspicions } = watch(returned, 1, { promotions });
      const copying = slot(1, 378, { following: a, status: 'kWaitDBSync' });
      const between = watch([copying, slot(2, 500, connected)], 0, {
        promotions,
        past: suspicions,
        from: 2_000,
      });
      const found = watch(attached, 30, { promotions, past: between.suspicions, from: 3_000 });
      expect(found.findings).toEqual([]);
    });

    it('is well when a rejoin has looked after it', () => {
      const { suspicions } = watch(returned, 1, { promotions });
      const during = watch(attached, 0, { promotions, past: suspicions, busyNodes: [b], from: 2_000 });
      expect(codes(watch(attached, 30, { promotions, past: during.suspicions, from: 3_000 }))).toEqual([]);
    });
  });
});
