import { parseConfigValue } from './config-value';
import { knowsTables, parseInfoServer } from './info-server';
import { parseMigrationState } from './migration-state';
import { parseSlotScan } from './slot-scan';
import { parseTables } from './table-info';

const context = { node: '127.0.0.1:9221', command: 'X' };
const bytes = (text: string): Buffer => Buffer.from(text);
const unexpected = expect.objectContaining({ code: 'unexpected-reply', node: '127.0.0.1:9221' });

describe('reading INFO server', () => {
  const text =
    '# Server\r\npika_version:3.4.1\r\npika_git_sha:3e52\r\nos:Linux 6 x86_64\r\nprocess_id:77\r\ntcp_port:9221\r\nuptime_in_seconds:50\r\n';

  it('takes version, port and age', () => {
    expect(parseInfoServer(text, context)).toEqual({
      version: { major: 3, minor: 4, patch: 1, text: '3.4.1' },
      port: 9221,
      uptimeSeconds: 50,
      processId: 77,
      gitSha: '3e52',
    });
  });

  it.each(['pika_version', 'tcp_port', 'uptime_in_seconds'])('refuses an answer without %s', (name) => {
    expect(() => parseInfoServer(text.replace(`${name}:`, 'x:'), context)).toThrow(unexpected);
  });

  it.each([
    ['3.2.9', false],
    ['3.3.6', true],
    ['3.4.1', true],
    ['4.0.0', true],
  ])('knows whether %s has tables', (version, known) => {
    expect(knowsTables(parseInfoServer(text.replace('3.4.1', version), context).version)).toBe(known);
  });
});

describe('reading PKCLUSTER INFO TABLE', () => {
  it('reads a block a table, with or without totals', () => {
    const text =
      'table_id: 0\r\n  partition_num: 1024\r\n  total_commands_processed:3\r\n  qps: 5\r\n  write_qps: 2\r\n  read_qps: 3\r\n\r\n' +
      'table_id: 1\r\n  partition_num: 16\r\n  qps: 0\r\n  write_qps: 0\r\n  read_qps: 0\r\n\r\n';
    expect(parseTables(text, context)).toEqual([
      { table: 0, slots: 1024, load: { qps: 5, writeQps: 2, readQps: 3 } },
      { table: 1, slots: 16, load: { qps: 0, writeQps: 0, readQps: 0 } },
    ]);
  });

  it('refuses a block without the number of slots', () => {
    expect(() => parseTables('table_id: 0\r\n  qps: 5\r\n', context)).toThrow(unexpected);
  });

  it('refuses lines before the first table', () => {
    expect(() => parseTables('  partition_num: 1024\r\n', context)).toThrow(unexpected);
  });
});

describe('reading CONFIG GET', () => {
  it('takes the value of the very name', () => {
    const reply = ['masterauth-x', 'no', 'masterauth', 'yes'].map(bytes);
    expect(parseConfigValue('masterauth', reply, context)).toBe('yes');
  });

  it('takes no value for a name', () => {
    expect(parseConfigValue('b', ['a', 'b'].map(bytes), context)).toBeNull();
  });

  it('refuses half a pair', () => {
    expect(() => parseConfigValue('a', [bytes('a')], context)).toThrow(unexpected);
  });
});

describe('reading SLOTSSCAN', () => {
  it('keeps keys as bytes', () => {
    const key = Buffer.from([0xff, 0x00, 0x41]);
    expect(parseSlotScan([bytes('12'), [key]], context)).toEqual({ cursor: '12', keys: [key] });
  });

  it.each([[[bytes('0')]], [[bytes('0'), [1]]], [[0, []]], [null]])('refuses %j', (reply) => {
    expect(() => parseSlotScan(reply, context)).toThrow(unexpected);
  });
});

describe('reading what a Codis dashboard reads', () => {
  it('takes the keys that remain for a slave that is attached', () => {
    expect(parseMigrationState([0, 1], context)).toBe('attached');
    expect(parseMigrationState([0, 0], context)).toBe('finished');
  });

  it('refuses anything but two integers', () => {
    expect(() => parseMigrationState([0], context)).toThrow(unexpected);
    expect(() => parseMigrationState([bytes('0'), bytes('0')], context)).toThrow(unexpected);
  });
});
