import { PikaError } from '../pika.errors';
import { parseSlotInfo } from './slot-info';

const context = { node: '127.0.0.1:9221', command: 'PKCLUSTER INFO SLOT 1' };
const head = '(db0:1) binlog_offset=2 756,safety_purge=none\r\n';
const master = '  Role: Master\r\n';

describe('reading PKCLUSTER INFO SLOT', () => {
  it('finds nothing in the answer for slots the node does not hold', () => {
    expect(parseSlotInfo('\r\n', context)).toEqual([]);
  });

  it('reads a slot without a role line, as 3.2.9 prints one that is not attached', () => {
    expect(parseSlotInfo(`${head}\r\n\r\n`, context)).toEqual([
      {
        table: 0,
        slot: 1,
        position: { file: 2, offset: 756 },
        safetyPurge: null,
        slaves: [],
        following: null,
      },
    ]);
  });

  it('reads several slaves, each with its own state and lag', () => {
    const text =
      `${head}${master}  connected_slaves: 3\r\n` +
      '  slave[0]: 10.0.0.2:9221\r\n  replication_status: SlaveBinlogSync\r\n  lag: 72\r\n' +
      '  slave[1]: 10.0.0.3:9221\r\n  replication_status: SlaveDbSync\r\n' +
      '  slave[2]: 10.0.0.4:9221\r\n  replication_status: SlaveNotSync\r\n\r\n';
    expect(parseSlotInfo(text, context)[0]?.slaves).toEqual([
      { address: '10.0.0.2:9221', status: 'SlaveBinlogSync', lag: 72 },
      { address: '10.0.0.3:9221', status: 'SlaveDbSync', lag: null },
      { address: '10.0.0.4:9221', status: 'SlaveNotSync', lag: null },
    ]);
  });

  it('keeps a lag that wrapped round below 0 far away from 0', () => {
    const text = `${head}${master}  connected_slaves: 1\r\n  slave[0]: 10.0.0.2:9221\r\n  replication_status: SlaveBinlogSync\r\n  lag: 18446744073709551544\r\n`;
    expect(parseSlotInfo(text, context)[0]?.slaves[0]?.lag).toBeGreaterThan(Number.MAX_SAFE_INTEGER);
  });

  it('reads a slot that is master and slave at once', () => {
    const text =
      `${head}${master}  connected_slaves: 1\r\n  slave[0]: 10.0.0.2:9221\r\n  replication_status: SlaveBinlogSync\r\n  lag: 0\r\n` +
      '  -----------\r\n  Role: Slave\r\n  master: 10.0.0.1:9221\r\n  slave status: kConnected\r\n\r\n';
    const [slot] = parseSlotInfo(text, context);
    expect(slot?.slaves).toHaveLength(1);
    expect(slot?.following).toEqual({ master: '10.0.0.1:9221', status: 'kConnected' });
  });

  it('knows a master without knowing the state, as on 3.2.9', () => {
    const [slot] = parseSlotInfo(`${head}  Role: Slave\r\n  master: 10.0.0.1:9221\r\n`, context);
    expect(slot?.following).toEqual({ master: '10.0.0.1:9221', status: null });
  });

  it('reads the slots of another table and the file kept from purging', () => {
    const text =
      '(db1:7) binlog_offset=3 0,safety_purge=write2file2\r\n  Role: Master\r\n  connected_slaves: 0\r\n';
    expect(parseSlotInfo(text, context)[0]).toMatchObject({ table: 1, slot: 7, safetyPurge: 'write2file2' });
  });

  it.each([
    ['a position that is none', '(db0:1) binlog_offset=x,safety_purge=none\r\n'],
    [
      'a position too large to be exact',
      '(db0:1) binlog_offset=0 99999999999999999999,safety_purge=none\r\n',
    ],
    ['a state nobody knows', `${head}  Role: Slave\r\n  master: 10.0.0.1:9221\r\n  slave status: kNew\r\n`],
    ['a state before any master', `${head}  slave status: kConnected\r\n`],
    ['a lag that is no number', `${head}${master}  connected_slaves: 1\r\n  slave[0]: a:1\r\n  lag: -1\r\n`],
    ['fewer slaves than announced', `${head}${master}  connected_slaves: 1\r\n`],
    ['a line nobody knows', `${head}  surprise\r\n`],
    ['a line before any slot', `${master}${head}`],
  ])('refuses %s instead of guessing', (_, text) => {
    expect(() => parseSlotInfo(text, context)).toThrow(PikaError);
    expect(() => parseSlotInfo(text, context)).toThrow(expect.objectContaining({ code: 'unexpected-reply' }));
  });
});
