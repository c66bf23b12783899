import type { AttachedSlave } from '@slotferry/pika';
import { judgeCopies } from './judge-copies';
import { copies, type SlotWords } from '../slots/slot-info.fixture';

const [master, replica] = ['10.0.0.1:9221', '10.0.0.2:9221'];
const ref = { table: 0, slot: 7 };
const fed = (lag: number | null, status: AttachedSlave['status'] = 'SlaveBinlogSync'): SlotWords => ({
  slaves: [{ address: replica, status, lag }],
});
const follows: SlotWords = { follows: master };

const look = (own: SlotWords | null, copy: SlotWords | null) =>
  judgeCopies([ref], copies(master, { 7: own }), copies(replica, { 7: copy }));

describe('judging the copies of a group', () => {
  it('calls a slot level when the master knows of no lag and both stand at the same place', () => {
    expect(look(fed(0), follows)).toEqual({
      loose: [],
      lagBytes: 0,
      worstLagBytes: 0,
      empty: [],
      level: true,
    });
  });

  it('believes the positions when the master has not noticed the lag yet', () => {
    expect(look({ ...fed(0), at: '0 250' }, follows)).toMatchObject({ level: false, lagBytes: 150 });
  });

  it('believes the master when the positions meet', () => {
    expect(look(fed(30), follows)).toMatchObject({ level: false, lagBytes: 30 });
  });

  it('tells a copy that holds nothing of what its master has', () => {
    expect(look(fed(100), { ...follows, at: '0 0' }).empty).toEqual([ref]);
    expect(look({ ...fed(0), at: '0 0' }, { ...follows, at: '0 0' }).empty).toEqual([]);
  });

  it.each<[string, SlotWords | null, SlotWords | null, string]>([
    ['a master without the slot', null, follows, 'master-lacks-slot'],
    ['a replica without the slot', fed(0), null, 'replica-lacks-slot'],
    [
      'a master that follows another node',
      { ...fed(0), follows: '10.0.0.9:9221' },
      follows,
      'master-follows',
    ],
    ['a replica that follows nobody', fed(0), {}, 'replica-detached'],
    ['a replica of another node', fed(0), { follows: '10.0.0.9:9221' }, 'replica-elsewhere'],
    ['a replica ahead of its master', fed(0), { ...follows, status: 'kError' }, 'replica-diverged'],
    ['a full copy', fed(null), { ...follows, status: 'kWaitDBSync' }, 'replica-in-full-copy'],
    ['a full copy by the word of the master', fed(null, 'SlaveDbSync'), follows, 'replica-in-full-copy'],
    ['one that waits for a reply', fed(null), { ...follows, status: 'kWaitReply' }, 'replica-connecting'],
    ['one its master does not list', {}, follows, 'replica-connecting'],
  ])('does not take %s for a follower', (_, own, copy, code) => {
    const { loose, level } = look(own, copy);
    expect(loose).toMatchObject([{ ref, code }]);
    expect(loose[0]?.message).toContain('slot 7');
    expect(level).toBe(false);
  });

  it('adds up what the slots lack and keeps the worst', () => {
    const refs = [7, 8].map((slot) => ({ table: 0, slot }));
    const own = copies(master, { 7: fed(10), 8: fed(25) });
    const copy = copies(replica, { 7: follows, 8: follows });
    expect(judgeCopies(refs, own, copy)).toMatchObject({ lagBytes: 35, worstLagBytes: 25, level: false });
  });
});
