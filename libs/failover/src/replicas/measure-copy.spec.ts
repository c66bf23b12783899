import type { BinlogPosition } from '@slotferry/cluster';
import { type CopyMeasure, type CopyToMeasure, measureCopy } from './measure-copy';

const [a, x] = ['10.0.0.1:9521', '10.0.0.9:9521'];
const at = (offset: number): BinlogPosition => ({ file: 0, offset });
const copy = (offset: number, master: string | null = null, status = 'kConnected') => ({
  position: at(offset),
  following: master === null ? null : { master, status },
});
const measure = (given: Partial<CopyToMeasure>): CopyMeasure =>
  measureCopy({
    master: a,
    copy: copy(100),
    masterPosition: at(500),
    shared: at(300),
    suspect: false,
    ...given,
  });

describe('measuring a copy', () => {
  it('goes on plainly up to where the histories part', () => {
    expect(measure({ copy: copy(100) })).toEqual({ kind: 'plain' });
    expect(measure({ copy: copy(300) })).toEqual({ kind: 'plain' });
  });

  it('counts what lies beyond, though the master has long gone on', () => {
    expect(measure({ copy: copy(378) })).toMatchObject({ kind: 'diverged', bytes: 78 });
  });

  it('counts a copy of unknown history as diverged, unless it is empty', () => {
    expect(measure({ shared: null })).toMatchObject({ kind: 'diverged', bytes: null });
    expect(measure({ shared: null, copy: copy(0) })).toEqual({ kind: 'plain' });
  });

  it('leaves one that follows its master to its attachment', () => {
    for (const status of ['kConnected', 'kWaitReply', 'kWaitDBSync']) {
      expect(measure({ copy: copy(100, a, status) })).toEqual({ kind: 'follows' });
    }
  });

  it('counts one that its master refuses as diverged', () => {
    expect(measure({ copy: copy(620, a, 'kError') })).toMatchObject({ kind: 'diverged', bytes: 120 });
    expect(measure({ copy: copy(320, a, 'kError') })).toMatchObject({ kind: 'diverged', bytes: null });
  });

  it('does not trust one that was attached plainly with writes of its own', () => {
    expect(measure({ copy: copy(500, a), suspect: true })).toMatchObject({ kind: 'diverged' });
  });

  it('measures one that follows somebody else', () => {
    expect(measure({ copy: copy(200, x) })).toEqual({ kind: 'plain' });
    expect(measure({ copy: copy(301, x) })).toMatchObject({ kind: 'diverged', bytes: 1 });
  });

  it('says which end lacks the slot', () => {
    expect(measure({ copy: null })).toEqual({ kind: 'missing' });
    expect(measure({ masterPosition: null })).toEqual({ kind: 'master-lacks-slot' });
  });
});
