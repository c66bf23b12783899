import type { SlotInfo } from '@slotferry/pika';
import { type NewMaster, planReattach } from './plan-reattach';

const dead = '10.0.0.1:9221';
const servers = [dead, '10.0.0.2:9221', '10.0.0.3:9221'];
const master: NewMaster = {
  address: '10.0.0.2:9221',
  promotedAt: { file: 0, offset: 500 },
  holdsSlot: true,
};
type Following = NonNullable<SlotInfo['following']>;
const copy = (following: Following | null, offset = 400): SlotInfo => ({
  table: 0,
  slot: 7,
  position: { file: 0, offset },
  safetyPurge: null,
  slaves: [],
  following,
});
const ofDead = { master: dead, status: 'kConnected' } as const;
const plan = (info: SlotInfo | null, isOurs = false, to: NewMaster = master) =>
  planReattach(info, to, servers, isOurs);

describe('a replica of a dead master', () => {
  it('is detached before its position counts: what it follows could wake up', () => {
    expect(plan(copy(ofDead))).toEqual({ kind: 'detach' });
    expect(plan(copy(null), true)).toEqual({ kind: 'attach' });
    expect(plan(copy(null, 500), true)).toEqual({ kind: 'attach' });
  });

  it('is left alone when it holds more than the new master had', () => {
    expect(plan(copy(ofDead, 501))).toMatchObject({ kind: 'leave', why: expect.stringContaining('writes') });
    expect(plan(copy(null, 501), true)).toMatchObject({ kind: 'leave' });
  });

  it.each<[string, SlotInfo | null, NewMaster]>([
    ['does not hold the slot', null, master],
    [
      'is to follow a node without the slot: it would wait for ever',
      copy(ofDead),
      { ...master, holdsSlot: false },
    ],
    ['is to follow one of unknown position', copy(ofDead), { ...master, promotedAt: null }],
    ['was in a full copy', copy({ master: dead, status: 'kWaitDBSync' }), master],
    ['never got anything', copy(ofDead, 0), master],
    ['follows a stranger', copy({ master: '10.9.9.9:9221', status: 'kConnected' }), master],
    ['followed nobody', copy(null), master],
    ['was refused by the new master', copy({ master: master.address, status: 'kError' }), master],
  ])('is left alone when it %s', (_what, info, to) => {
    expect(plan(info, false, to)).toMatchObject({ kind: 'leave' });
  });

  it('has arrived when it is connected', () => {
    expect(plan(copy({ master: master.address, status: 'kConnected' }))).toEqual({ kind: 'follows' });
    expect(plan(copy({ master: master.address, status: null }))).toEqual({ kind: 'follows' });
    expect(plan(copy({ master: master.address, status: 'kTryConnect' }))).toEqual({ kind: 'wait' });
  });
});
