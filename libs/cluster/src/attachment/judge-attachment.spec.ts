import * as fc from 'fast-check';
import {
  type Attachment,
  type AttachmentMark,
  judgeAttachment,
  markOf,
  type SlotLook,
} from './judge-attachment';

function slotInfo(given: Partial<SlotLook> & { readonly at?: number } = {}): SlotLook {
  const { at = 0, ...rest } = given;
  return { position: { file: 0, offset: at }, slaves: [], following: null, ...rest };
}

function followerOf(master: string, at: number, status: string | null = 'kConnected'): SlotLook {
  return slotInfo({ at, following: { master, status } });
}

function masterOf(slave: string, at: number, lag: number | null = 0): SlotLook {
  const status = lag === null ? 'SlaveNotSync' : 'SlaveBinlogSync';
  return slotInfo({ at, slaves: [{ address: slave, status, lag }] });
}

const [e, a] = ['10.0.0.5:9521', '10.0.0.1:9521'];
const judge = (
  follower: ReturnType<typeof slotInfo> | null,
  master: ReturnType<typeof slotInfo> | null,
  mark: AttachmentMark | null = null,
  now = 0,
): Attachment => judgeAttachment({ address: e, info: follower }, { address: a, info: master }, mark, now);

describe('judging an attachment', () => {
  it('says which end does not hold the slot', () => {
    expect(judge(null, slotInfo())).toEqual({ kind: 'follower-lacks-slot' });
    expect(judge(slotInfo(), null)).toEqual({ kind: 'master-lacks-slot' });
  });

  it('tells a copy that follows nobody, and whether its old master still lists it', () => {
    const position = { file: 0, offset: 70 };
    expect(judge(slotInfo({ at: 70 }), slotInfo({ at: 90 }))).toEqual({
      kind: 'detached',
      position,
      stillListed: false,
    });
    expect(judge(slotInfo({ at: 70 }), masterOf(e, 90, 20))).toEqual({
      kind: 'detached',
      position,
      stillListed: true,
    });
  });

  it('tells another master', () => {
    expect(judge(followerOf('10.0.0.9:9521', 0), slotInfo())).toEqual({
      kind: 'elsewhere',
      master: '10.0.0.9:9521',
    });
  });

  it.each<string>(['kTryConnect', 'kTryDBSync', 'kWaitDBSync', 'kWaitReply', 'kNoConnect'])(
    'takes %s for being on its way',
    (status) => {
      expect(judge(followerOf(a, 0, status), masterOf(e, 0))).toEqual({ kind: 'connecting', status });
    },
  );

  it('does not believe kConnected before the master tells a lag', () => {
    expect(judge(followerOf(a, 50), slotInfo({ at: 50 })).kind).toBe('connecting');
    expect(judge(followerOf(a, 50), masterOf(e, 50, null)).kind).toBe('connecting');
  });

  it('takes kError for diverged', () => {
    expect(judge(followerOf(a, 90, 'kError'), masterOf(e, 50))).toEqual({ kind: 'diverged' });
  });

  it('believes the master where the version tells no state of the slave', () => {
    expect(judge(followerOf(a, 50, null), masterOf(e, 50)).kind).toBe('following');
    expect(judge(followerOf(a, 50, null), slotInfo({ at: 50 })).kind).toBe('connecting');
  });

  it('has met what the master had at an earlier look, however much came since', () => {
    const mark = markOf(followerOf(a, 10), masterOf(e, 100), 0);
    expect(judge(followerOf(a, 100), masterOf(e, 900, 800), mark, 50)).toEqual({
      kind: 'following',
      lag: 800,
      met: true,
    });
    expect(judge(followerOf(a, 99), masterOf(e, 900, 801), mark, 50)).toEqual({
      kind: 'following',
      lag: 801,
      met: false,
    });
  });

  it('calls an empty follower hollow that gets nothing for two seconds', () => {
    const mark = markOf(followerOf(a, 0), masterOf(e, 100, 100), 1_000);
    const look = (now: number): Attachment => judge(followerOf(a, 0), masterOf(e, 120, 120), mark, now);
    expect(look(3_000).kind).toBe('following');
    expect(look(3_001)).toEqual({ kind: 'hollow', empty: true });
  });

  it('gives one that holds something already fifteen seconds: its link may be slow', () => {
    const mark = markOf(followerOf(a, 10), masterOf(e, 100, 90), 1_000);
    const look = (at: number, now: number): Attachment =>
      judge(followerOf(a, at), masterOf(e, 120, 110), mark, now);
    expect(look(10, 16_000).kind).toBe('following');
    expect(look(10, 16_001)).toEqual({ kind: 'hollow', empty: false });
    expect(look(11, 16_001).kind).toBe('following');
  });

  it('never says that one has met its master which lacks what the master had', () => {
    const offsets = fc.nat(200);
    fc.assert(
      fc.property(
        offsets,
        offsets,
        offsets,
        offsets,
        fc.nat(30_000),
        (begun, at, masterThen, written, now) => {
          const mark = markOf(followerOf(a, begun), masterOf(e, masterThen), 0);
          const master = masterOf(e, masterThen + written, Math.max(0, masterThen + written - at));
          const judged = judge(followerOf(a, at), master, mark, now);
          expect(judged.kind === 'following' && judged.met).toBe(at >= masterThen);
        },
      ),
    );
  });
});
