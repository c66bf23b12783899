import type { BinlogPosition } from '@slotferry/cluster';
import type { SlotInfo } from '@slotferry/pika';
import { classifyCopy, type CopyPast } from './classify-copy';

const master = '10.0.0.1:9221';
const other = '10.0.0.2:9221';
const past: CopyPast = {
  master,
  servers: [master, other, '10.0.0.3:9221'],
  followed: master,
  masterPosition: { file: 0, offset: 500 },
  detachedByUs: false,
};
const never = { ...past, followed: null };
type Following = NonNullable<SlotInfo['following']>;
const copy = (
  following: Following | null,
  position: BinlogPosition = { file: 0, offset: 400 },
): SlotInfo => ({
  table: 0,
  slot: 7,
  position,
  safetyPurge: null,
  slaves: [],
  following,
});
const zero = { file: 0, offset: 0 };

describe('a copy of a slot whose master is dead', () => {
  it.each<[string, SlotInfo | null, CopyPast, string]>([
    ['is not there', null, past, 'missing'],
    ['follows, as it believes for 20 s', copy({ master, status: 'kConnected' }), never, 'following'],
    ['follows, of a version that does not tell how', copy({ master, status: null }), never, 'following'],
    [
      'follows another copy of this history',
      copy({ master: other, status: 'kConnected' }),
      past,
      'following',
    ],
    ['connects anew after it was connected', copy({ master, status: 'kWaitReply' }), past, 'following'],
    ['connects and never was', copy({ master, status: 'kWaitReply' }), never, 'broken'],
    ['was refused', copy({ master, status: 'kError' }), past, 'broken'],
    ['waits for a full copy', copy({ master, status: 'kTryDBSync' }), past, 'full-copy'],
    ['is in a full copy', copy({ master, status: 'kWaitDBSync' }), past, 'full-copy'],
    ['follows somebody else', copy({ master: '10.9.9.9:9221', status: 'kConnected' }), past, 'stranger'],
    ['follows nobody, and never did', copy(null), never, 'stranger'],
    ['follows nobody since it restarted', copy(null), past, 'following'],
    ['was detached by this failover', copy(null), { ...never, detachedByUs: true }, 'following'],
    ['never got anything', copy({ master, status: 'kConnected' }, zero), past, 'hollow'],
    ['has nothing, like its master', copy(null, zero), { ...past, masterPosition: zero }, 'following'],
    [
      'has nothing, its master is not known',
      copy(null, zero),
      { ...past, masterPosition: null },
      'following',
    ],
  ])('that %s', (_what, info, known, state) => expect(classifyCopy(info, known)).toBe(state));
});
