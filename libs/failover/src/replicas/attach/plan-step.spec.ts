import type { Attachment, BinlogPosition } from '@slotferry/cluster';
import { planStep, type RejoinStep, type StepMemory } from './plan-step';

const at = (offset: number): BinlogPosition => ({ file: 0, offset });
const who = { node: '10.0.0.2:9521', master: '10.0.0.1:9521', slot: '5' };
const plan = (attachment: Attachment, memory: Partial<StepMemory> = {}): RejoinStep =>
  planStep(attachment, who, {
    replace: false,
    givenUp: false,
    forced: false,
    attached: false,
    met: false,
    stood: at(100),
    masterPosition: at(500),
    waitingForMs: 0,
    ...memory,
  });
const detached = (offset: number, stillListed = false): Attachment => ({
  kind: 'detached',
  position: at(offset),
  stillListed,
});

describe('the next step of a rejoin', () => {
  it('never asks a master for a slot that it lacks', () => {
    for (const replace of [true, false]) {
      expect(plan({ kind: 'master-lacks-slot' }, { replace })).toMatchObject({
        kind: 'refuse',
        code: 'master-lacks-slot',
      });
    }
  });

  it('creates what the node lacks, and takes it away from other masters', () => {
    expect(plan({ kind: 'follower-lacks-slot' })).toEqual({ kind: 'create' });
    expect(plan({ kind: 'elsewhere', master: '10.0.0.9:9521' })).toEqual({ kind: 'detach' });
  });

  describe('for a copy that goes on', () => {
    it('is a plain attachment, also while its master still lists it', () => {
      expect(plan(detached(100))).toEqual({ kind: 'attach' });
      expect(plan(detached(100, true))).toEqual({ kind: 'attach' });
    });

    it('is none when somebody has written to it since it was measured', () => {
      expect(plan(detached(101))).toMatchObject({ kind: 'refuse', code: 'copy-changed' });
    });

    it('is another one after a restart in between, as far as the master has got', () => {
      expect(plan(detached(400), { attached: true })).toEqual({ kind: 'attach' });
      expect(plan(detached(501), { attached: true })).toMatchObject({ kind: 'refuse', code: 'copy-changed' });
    });

    it('is none when the master refuses it', () => {
      expect(plan({ kind: 'diverged' })).toMatchObject({ kind: 'refuse', code: 'copy-changed' });
    });

    it('is the same once more when a reply does not come', () => {
      const waiting: Attachment = { kind: 'connecting', status: 'kWaitReply' };
      expect(plan(waiting, { waitingForMs: 5_000 })).toMatchObject({ kind: 'wait' });
      expect(plan(waiting, { waitingForMs: 5_001 })).toEqual({ kind: 'attach' });
    });

    it('is to detach it when it is hollow', () => {
      expect(plan({ kind: 'hollow', empty: true })).toEqual({ kind: 'detach' });
    });

    it('is none when it follows and has what the master had', () => {
      expect(plan({ kind: 'following', lag: 7, met: true })).toEqual({ kind: 'ready', lag: 7 });
      expect(plan({ kind: 'following', lag: 7, met: false })).toMatchObject({ code: 'catching-up' });
      expect(plan({ kind: 'following', lag: 7, met: false }, { met: true })).toMatchObject({ kind: 'ready' });
    });
  });

  describe('for a copy that is replaced', () => {
    const replace = { replace: true };

    it('is a full copy as soon as the master no longer lists it: before, it would do nothing', () => {
      expect(plan(detached(100, true), replace)).toMatchObject({ kind: 'wait', code: 'detaching' });
      expect(plan(detached(100), replace)).toEqual({ kind: 'full-copy' });
    });

    it('is none when somebody has written to it since it was kept, unless an operator says so', () => {
      expect(plan(detached(101), replace)).toMatchObject({ kind: 'refuse', code: 'copy-changed' });
      expect(plan(detached(101), { ...replace, givenUp: true })).toEqual({ kind: 'full-copy' });
      expect(plan(detached(0), { ...replace, forced: true })).toEqual({ kind: 'full-copy' });
    });

    it('is to detach it from wherever it is, however healthy it looks', () => {
      expect(plan({ kind: 'following', lag: 0, met: true }, replace)).toEqual({ kind: 'detach' });
      expect(plan({ kind: 'connecting', status: 'kTryConnect' }, replace)).toEqual({ kind: 'detach' });
      expect(plan({ kind: 'diverged' }, replace)).toEqual({ kind: 'detach' });
    });

    it('is to wait while the full copy is under way, and to begin anew when that got stuck', () => {
      const forced = { replace: true, forced: true };
      expect(plan({ kind: 'connecting', status: 'kWaitDBSync' }, forced)).toMatchObject({ kind: 'wait' });
      expect(plan({ kind: 'connecting', status: 'kWaitReply' }, { ...forced, waitingForMs: 6_000 })).toEqual({
        kind: 'detach',
      });
      expect(plan({ kind: 'following', lag: 0, met: true }, forced)).toMatchObject({ kind: 'ready' });
    });
  });
});
