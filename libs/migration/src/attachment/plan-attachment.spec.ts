import type { Attachment } from '@slotferry/cluster';
import { type AttachmentPermissions, type AttachmentStep, planAttachment } from './plan-attachment';

const who = { follower: '10.0.0.5:9521', master: '10.0.0.1:9521', slot: 5 };
const nothing: AttachmentPermissions = {
  mayDiscard: false,
  fullCopyWanted: false,
  waitingForMs: 0,
  fromReplacedMaster: false,
  mayBeFollowed: [],
};
const plan = (attachment: Attachment, permissions: Partial<AttachmentPermissions> = {}): AttachmentStep =>
  planAttachment(attachment, who, { ...nothing, ...permissions });

const zero = { file: 0, offset: 0 };
const own = { file: 0, offset: 236 };
const detached = (position = zero, stillListed = false): Attachment => ({
  kind: 'detached',
  position,
  stillListed,
});

describe('planning the next step of an attachment', () => {
  it('attaches an empty copy plainly', () => {
    expect(plan(detached())).toEqual({ kind: 'attach' });
    expect(plan(detached(zero, true))).toEqual({ kind: 'attach' });
  });

  it('refuses a copy with a position of its own, and says where it stands', () => {
    expect(plan(detached(own))).toMatchObject({
      kind: 'refuse',
      code: 'copy-of-its-own',
      message: expect.stringContaining('10.0.0.5:9521 holds data of its own (position 0 236)'),
    });
  });

  it('lets a copy of ours go on from where it stands', () => {
    expect(plan(detached(own), { mayDiscard: true })).toEqual({ kind: 'attach' });
  });

  it('replaces a copy by a full one only when its old master does not list it any more', () => {
    const wanted = { mayDiscard: true, fullCopyWanted: true };
    expect(plan(detached(own, true), wanted)).toMatchObject({ kind: 'wait', code: 'detaching' });
    expect(plan(detached(own, false), wanted)).toEqual({ kind: 'attach-with-full-copy' });
  });

  it('gives an empty copy a full one without asking: nothing can be lost with it', () => {
    expect(plan(detached(zero), { fullCopyWanted: true })).toEqual({ kind: 'attach-with-full-copy' });
    expect(plan(detached(zero, true), { fullCopyWanted: true })).toMatchObject({ kind: 'wait' });
    expect(plan(detached(own), { fullCopyWanted: true })).toMatchObject({ kind: 'refuse' });
  });

  it('detaches a hollow copy, unless that would leave one that nobody may replace', () => {
    expect(plan({ kind: 'hollow', empty: true })).toEqual({ kind: 'detach', why: 'hollow' });
    expect(plan({ kind: 'hollow', empty: false }, { mayDiscard: true })).toMatchObject({ kind: 'detach' });
    expect(plan({ kind: 'hollow', empty: false })).toMatchObject({ kind: 'wait', code: 'not-moving' });
  });

  it('detaches a diverged copy only when it may be thrown away', () => {
    expect(plan({ kind: 'diverged' }, { mayDiscard: true })).toEqual({ kind: 'detach', why: 'diverged' });
    expect(plan({ kind: 'diverged' })).toMatchObject({ kind: 'refuse', code: 'copy-diverged' });
  });

  it('asks again where Pika waits for a reply that will not come', () => {
    const waiting: Attachment = { kind: 'connecting', status: 'kWaitReply' };
    expect(plan(waiting, { waitingForMs: 5_000 })).toMatchObject({ kind: 'wait', code: 'attaching' });
    expect(plan(waiting, { waitingForMs: 5_001 })).toEqual({ kind: 'attach' });
    expect(plan({ kind: 'connecting', status: 'kWaitDBSync' }, { waitingForMs: 90_000 })).toMatchObject({
      kind: 'wait',
    });
  });

  it('leaves a copy alone that follows somebody else, and slots that are missing', () => {
    expect(plan({ kind: 'elsewhere', master: '10.0.0.9:9521' })).toMatchObject({
      kind: 'refuse',
      code: 'follows-another-master',
      message: expect.stringContaining('10.0.0.9:9521'),
    });
    expect(plan({ kind: 'follower-lacks-slot' })).toMatchObject({ code: 'slot-missing' });
    expect(plan({ kind: 'master-lacks-slot' })).toMatchObject({ code: 'slot-missing' });
  });

  it('is ready when it has met its master, and not before', () => {
    expect(plan({ kind: 'following', lag: 7, met: true })).toEqual({ kind: 'ready', lag: 7 });
    expect(plan({ kind: 'following', lag: 7, met: false })).toMatchObject({
      kind: 'wait',
      code: 'catching-up',
    });
  });

  describe('whatever is found, and whatever is permitted', () => {
    const truth = [true, false];
    const attachments: Attachment[] = [
      { kind: 'follower-lacks-slot' },
      { kind: 'master-lacks-slot' },
      ...[zero, own].flatMap((position) => truth.map((listed) => detached(position, listed))),
      { kind: 'elsewhere', master: '10.0.0.9:9521' },
      ...['kTryConnect', 'kWaitReply', 'kWaitDBSync'].map((status): Attachment => ({
        kind: 'connecting',
        status,
      })),
      { kind: 'diverged' },
      ...truth.map((empty): Attachment => ({ kind: 'hollow', empty })),
      ...truth.map((met): Attachment => ({ kind: 'following', lag: 9, met })),
    ];
    const permissions = truth.flatMap((mayDiscard) =>
      truth.flatMap((fullCopyWanted) =>
        [0, 90_000].map((waitingForMs) => ({ ...nothing, mayDiscard, fullCopyWanted, waitingForMs })),
      ),
    );
    const cases = attachments.flatMap((attachment) =>
      permissions.map((permitted) => ({
        attachment,
        permitted,
        step: planAttachment(attachment, who, permitted),
      })),
    );
    const stepsOf = (kind: AttachmentStep['kind']) => cases.filter(({ step }) => step.kind === kind);

    it('attaches plainly only what is empty, ours, or on its way to that master already', () => {
      const plain = stepsOf('attach');
      expect(plain).not.toHaveLength(0);
      for (const { attachment, permitted } of plain) {
        if (attachment.kind === 'connecting') expect(attachment.status).toBe('kWaitReply');
        else expect(attachment).toMatchObject({ kind: 'detached' });
        if (attachment.kind !== 'detached') continue;
        expect(attachment.position.offset === 0 || permitted.mayDiscard).toBe(true);
      }
    });

    it('copies in full only what is free, may be lost, and from a master that holds the slot', () => {
      const full = stepsOf('attach-with-full-copy');
      expect(full).not.toHaveLength(0);
      for (const { attachment, permitted } of full) {
        expect(attachment).toMatchObject({ kind: 'detached', stillListed: false });
        const empty = attachment.kind === 'detached' && attachment.position.offset === 0;
        expect(empty || permitted.mayDiscard).toBe(true);
      }
    });

    it('detaches only what is broken and may be lost', () => {
      for (const { attachment, permitted } of stepsOf('detach')) {
        expect(['hollow', 'diverged']).toContain(attachment.kind);
        const empty = attachment.kind === 'hollow' && attachment.empty;
        expect(empty || permitted.mayDiscard).toBe(true);
      }
    });

    it('calls ready only what has met its master', () => {
      for (const { attachment } of stepsOf('ready')) {
        expect(attachment).toMatchObject({ kind: 'following', met: true });
      }
    });
  });

  describe('after a failover of its master', () => {
    const elsewhere: Attachment = { kind: 'elsewhere', master: '10.0.0.2:9521' };
    const mayBeFollowed = ['10.0.0.2:9521'];
    const ours = { mayDiscard: true, mayBeFollowed };

    it('takes a copy of ours off a master that lost its role, and no other off any', () => {
      expect(plan(elsewhere, ours)).toEqual({ kind: 'detach', why: 'master-replaced' });
      expect(plan(elsewhere, { mayBeFollowed })).toMatchObject({ kind: 'refuse', code: 'copy-of-its-own' });
      expect(plan(elsewhere, { ...ours, mayBeFollowed: [] })).toMatchObject({
        code: 'follows-another-master',
      });
    });

    it('lets a copy go on from where it stands where the beginning of the chain is the same', () => {
      expect(plan(detached(own), ours)).toEqual({ kind: 'attach' });
    });

    it('renews what came from the replaced one, however well it seems to follow', () => {
      const replaced = { ...ours, fromReplacedMaster: true };
      expect(plan(detached(own), replaced)).toEqual({ kind: 'attach-with-full-copy' });
      expect(plan(detached(own, true), replaced)).toMatchObject({ kind: 'wait', code: 'detaching' });
      expect(plan(elsewhere, replaced)).toMatchObject({ kind: 'detach' });
      expect(plan({ kind: 'following', lag: 0, met: true }, replaced)).toEqual({
        kind: 'detach',
        why: 'master-replaced',
      });
      expect(plan(detached(zero), replaced)).toEqual({ kind: 'attach' });
    });

    it('asks before it throws away what it did not make', () => {
      const replaced = { mayBeFollowed, fromReplacedMaster: true };
      for (const attachment of [
        detached(own),
        elsewhere,
        { kind: 'following', lag: 0, met: true } as const,
      ]) {
        expect(plan(attachment, replaced)).toMatchObject({ kind: 'refuse', code: 'copy-of-its-own' });
      }
    });
  });
});
