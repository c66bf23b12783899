import { at, copy, held, outcome, replica, SEEN_AT, traces } from './elect.fixture';
import { type Candidate, type CopyState, type Election, type Verdict } from './election';

const verdict = (election: Election, node: string): Verdict | undefined =>
  election.verdicts.find((candidate) => candidate.node === node);
const flawed = (state: CopyState): Candidate =>
  replica('a:1', [], { slots: [copy(0, 900), copy(1, 900, { state })] });

describe('the winner', () => {
  it('is the one that lacks the least over all slots, not the one ahead on most of them', () => {
    const election = held([replica('a:1', [110, 110]), replica('b:1', [100, 500])]);
    expect(outcome(election)).toBe('b:1');
    expect(verdict(election, 'a:1')).toMatchObject({ eligible: true, behindBytes: 390 });
    expect(verdict(election, 'b:1')).toMatchObject({ eligible: true, behindBytes: 10 });
  });

  it('counts whole binlog files', () => {
    const ahead = replica('b:1', [], { slots: [copy(0, null, { position: at(5, 1) }), copy(1, 0)] });
    const election = held([replica('a:1', [900, 0]), ahead]);
    expect(outcome(election)).toBe('b:1');
    expect(verdict(election, 'a:1')?.behindBytes).toBe(104_857_600 - 900 + 5);
  });

  it('gets what others have more of first, from the first by address of those that have the most', () => {
    const election = held([
      replica('a:1', [100, 500]),
      replica('c:1', [110, 100]),
      replica('b:1', [110, 100]),
    ]);
    expect(election).toMatchObject({
      winner: 'a:1',
      tails: [{ table: 0, slot: 0, from: 'b:1', to: at(110) }],
    });
  });

  it('gets them also from one that cannot win', () => {
    const never = replica('b:1', [0, 200], { never: true });
    const broken = replica('c:1', [], { slots: [copy(0, 300), copy(1, 900, { state: 'broken' })] });
    expect(held([replica('a:1', [100, 100]), never, broken])).toMatchObject({
      winner: 'a:1',
      tails: [
        { slot: 0, from: 'c:1', to: at(300) },
        { slot: 1, from: 'b:1', to: at(200) },
      ],
    });
  });

  it('gets none from copies that are not of this history, or could not be surveyed', () => {
    const lost = replica('b:1', [900, 900], { problem: 'it does not answer' });
    const election = held([replica('a:1', [100, 100]), lost, replica('m:1', [900, 900])]);
    expect(election).toMatchObject({ winner: 'a:1', tails: [] });
    expect(verdict(election, 'm:1')).toMatchObject({ eligible: false, reasons: ['It is the dead master.'] });
    expect(verdict(election, 'b:1')?.reasons).toEqual(['It could not be surveyed: it does not answer']);
  });

  it.each<[string, Partial<Candidate>, Partial<Candidate>]>([
    ['preferred', {}, { prefer: true }],
    ['in another zone than the dead master', { zone: 'east' }, { zone: 'west' }],
    ['in another zone rather than who knows where', {}, { zone: 'west' }],
    ['preferred rather than in another zone', { zone: 'west' }, { zone: 'east', prefer: true }],
  ])('among equals is %s', (_what, first, second) => {
    const rivals = [replica('a:1', [5, 5], first), replica('b:1', [5, 5], second)];
    expect(outcome(held(rivals, { masterZone: 'east' }))).toBe('b:1');
  });

  it('is not chosen for preference or zone when another is further', () => {
    const near = replica('a:1', [5, 4], { prefer: true, zone: 'west' });
    expect(outcome(held([near, replica('b:1', [5, 5], { zone: 'east' })], { masterZone: 'east' }))).toBe(
      'b:1',
    );
  });

  it('is the first by address where nothing else tells them apart', () => {
    expect(outcome(held([replica('b:1', [5, 5]), replica('a:1', [5, 5])]))).toBe('a:1');
    const zones = [replica('b:1', [5, 5], { zone: 'x' }), replica('a:1', [5, 5], { zone: 'y' })];
    expect(outcome(held(zones, { masterZone: null }))).toBe('a:1');
  });

  it("need not hold slots that are not the group's", () => {
    const extra = replica('a:1', [], { slots: [copy(0, 5), copy(1, 5), copy(9, 0, { state: 'hollow' })] });
    expect(outcome(held([extra]))).toBe('a:1');
  });
});

describe('a candidate', () => {
  it.each<[CopyState, string]>([
    ['full-copy', 'It is in a full copy of slot 1 of table 0: what it holds is not whole.'],
    ['hollow', 'It never got what its master wrote to slot 1 of table 0.'],
    ['broken', 'Its replication of slot 1 of table 0 was broken before the master died.'],
    ['stranger', 'It did not follow the dead master with slot 1 of table 0.'],
    ['missing', 'It does not hold slot 1 of table 0.'],
  ])('with one slot that is %s never wins, however far it is', (state, reason) => {
    const election = held([flawed(state), replica('b:1', [1, 1])]);
    expect(outcome(election)).toBe('b:1');
    expect(verdict(election, 'a:1')).toMatchObject({ eligible: false, reasons: [reason], lossBytes: null });
  });

  it('with a position that could not be read never wins', () => {
    const unread = replica('a:1', [], { slots: [copy(0, 900), copy(1, null)] });
    const election = held([unread, replica('b:1', [1, 1])]);
    expect(outcome(election)).toBe('b:1');
    expect(verdict(election, 'a:1')).toEqual({
      node: 'a:1',
      eligible: false,
      reasons: ['Its position of slot 1 of table 0 could not be read.'],
      behindBytes: null,
      lossBytes: null,
    });
  });

  it('that lacks slots altogether never wins, and is told all of them', () => {
    const election = held([replica('a:1', [])]);
    expect(election).toMatchObject({ code: 'no-candidate', best: null });
    expect(verdict(election, 'a:1')?.reasons).toEqual(['It does not hold slots 0-1 of table 0.']);
  });

  it('that is never to become master does not, even alone', () => {
    const election = held([replica('a:1', [5, 5], { never: true })]);
    expect(election).toMatchObject({
      kind: 'undecided',
      code: 'no-candidate',
      message: expect.stringContaining('a:1: It is never to become master'),
    });
  });

  it('is told what speaks for and against it', () => {
    const election = held(
      [
        replica('a:1', [5, 5], { prefer: true, zone: 'east' }),
        replica('b:1', [5, 5], { zone: 'west' }),
        replica('c:1', [4, 5]),
      ],
      { masterZone: 'east', masterTrace: traces(5) },
    );
    const unknown = 'What the master had of 1 slot is not known.';
    expect(election.verdicts.map(({ node, reasons }) => [node, ...reasons])).toEqual([
      [
        'a:1',
        'As far as any copy on every slot.',
        'Level with b:1.',
        'Preferred (cluster file).',
        'In zone east, as the dead master.',
        unknown,
      ],
      [
        'b:1',
        'As far as any copy on every slot.',
        'Level with a:1.',
        'In zone west, the dead master in east.',
        unknown,
      ],
      ['c:1', 'Behind by 1 B on slot 0 of table 0.', unknown],
    ]);
  });
});

describe('the loss', () => {
  it('is what the master was seen to have beyond what remains after catching up', () => {
    const election = held([replica('a:1', [100, 500]), replica('b:1', [110, 100])], {
      masterTrace: traces(130, 450),
    });
    expect(election).toMatchObject({ winner: 'a:1', lossBytes: 20, lossMs: 400 });
    expect(election.verdicts.map(({ lossBytes }) => lossBytes)).toEqual([20, 20]);
  });

  it('is nothing known when all that was seen remains', () => {
    expect(held([replica('a:1', [100, 100])], { masterTrace: traces(100, 90) })).toMatchObject({
      lossBytes: 0,
      lossMs: 0,
    });
  });

  it('reaches back to the oldest look that saw what is lost', () => {
    const [first, second] = traces(101, 101);
    const masterTrace = [{ ...first!, at: SEEN_AT - 5000 }, second!];
    expect(held([replica('a:1', [100, 100])], { masterTrace })).toMatchObject({ lossBytes: 2, lossMs: 5000 });
    expect(held([replica('a:1', [101, 100])], { masterTrace })).toMatchObject({ lossBytes: 1, lossMs: 400 });
  });

  it('is measured against the newest look at a slot', () => {
    const [trace] = traces(100);
    const masterTrace = [{ ...trace!, position: at(300), at: SEEN_AT }, trace!];
    expect(held([replica('a:1', [100, 100])], { masterTrace })).toMatchObject({ lossBytes: 200, lossMs: 1 });
  });

  it('is not known when the master was never looked at, which holds nobody up', () => {
    const election = held([replica('a:1', [100, 100])], { maxLossBytes: 0, maxLossMs: 0 });
    expect(election).toMatchObject({ winner: 'a:1', lossBytes: null, lossMs: null });
    expect(verdict(election, 'a:1')?.reasons).toContain('What the master had of 2 slots is not known.');
  });

  it('may be known in bytes and not in time', () => {
    const changes = { masterTrace: traces(101, 0), masterSeenAt: null };
    expect(held([replica('a:1', [100, 0])], changes)).toMatchObject({ lossBytes: 1, lossMs: null });
  });

  it.each([
    ['just within the bytes', { masterTrace: traces(1100, 100) }, 'a:1'],
    ['beyond the bytes', { masterTrace: traces(1100, 101) }, 'loss-above-limit'],
    [
      'beyond the bytes on the one slot of which it is known',
      { masterTrace: traces(1101) },
      'loss-above-limit',
    ],
    ['just within the time', { masterTrace: traces(101, 0), maxLossMs: 400 }, 'a:1'],
    ['beyond the time', { masterTrace: traces(101, 0), maxLossMs: 399 }, 'loss-above-limit'],
    [
      'of anything where nothing may be lost',
      { masterTrace: traces(101, 0), maxLossBytes: 0 },
      'loss-above-limit',
    ],
  ])('%s', (_what, changes, expected) => {
    expect(outcome(held([replica('a:1', [100, 100])], changes))).toBe(expected);
  });

  it("beyond the limit is an operator's to accept, who is told the best and how much", () => {
    const changes = { masterTrace: traces(3_000_000, 100) };
    expect(held([replica('a:1', [99, 99]), replica('b:1', [100, 100])], changes)).toMatchObject({
      kind: 'undecided',
      code: 'loss-above-limit',
      best: 'b:1',
      lossBytes: 2_999_900,
      lossMs: 400,
      message: expect.stringContaining(
        'at least 2.9 MiB and 400 ms of writes would be lost; the limit is 1000 B.',
      ),
    });
  });
});

describe('the one an operator chose', () => {
  const good = replica('b:1', [900, 900]);

  it('wins though it is behind, is never to, and the loss is above the limit', () => {
    const chosen = replica('a:1', [100, 100], { never: true });
    const election = held([chosen, good], { chosen: 'a:1', masterTrace: traces(5000, 900) });
    expect(election).toMatchObject({ kind: 'elected', winner: 'a:1', lossBytes: 4100 });
    expect(election).toMatchObject({
      tails: [
        { slot: 0, to: at(900) },
        { slot: 1, to: at(900) },
      ],
    });
    expect(verdict(election, 'a:1')).toMatchObject({
      eligible: false,
      reasons: ['An operator chose it.', 'It is never to become master (cluster file).'],
      lossBytes: 4100,
    });
  });

  it('with a broken copy wins, gets nothing onto that, and loses what others have', () => {
    const election = held([flawed('broken'), replica('b:1', [900, 1000])], {
      chosen: 'a:1',
      masterTrace: traces(900, 1100),
    });
    expect(election).toMatchObject({ winner: 'a:1', tails: [], lossBytes: 200 });
  });

  it('with a copy of another history wins, and what is lost of that is not known', () => {
    const election = held([flawed('stranger'), good], { chosen: 'a:1', masterTrace: traces(900, 5000) });
    expect(election).toMatchObject({ winner: 'a:1', tails: [], lossBytes: 0 });
  });

  it.each<[string, Candidate[], string]>([
    ['in a full copy', [flawed('full-copy'), good], 'full copy of slot 1'],
    ['hollow', [flawed('hollow'), good], 'never got'],
    ['without a slot', [flawed('missing'), good], 'does not hold slot 1'],
    [
      'a stranger that cannot be read',
      [replica('a:1', [], { slots: [copy(0, 9), copy(1, null, { state: 'stranger' })] }), good],
      'could not be read',
    ],
    ['silent', [replica('a:1', [], { problem: 'it does not answer' }), good], 'could not be surveyed'],
    ['nobody known', [good], 'not a replica of the group'],
  ])('is refused when it is %s, and the best is named', (_what, candidates, reason) => {
    const election = held(candidates, { chosen: 'a:1' });
    expect(election).toMatchObject({ kind: 'undecided', code: 'choice-refused', best: 'b:1' });
    expect(election).toMatchObject({ message: expect.stringContaining(reason) });
    expect(election).toMatchObject({ message: expect.stringContaining('b:1 could take over') });
  });

  it('is refused when it is the dead master', () => {
    expect(held([replica('m:1', [9, 9])], { chosen: 'm:1' })).toMatchObject({
      code: 'choice-refused',
      best: null,
    });
  });
});
