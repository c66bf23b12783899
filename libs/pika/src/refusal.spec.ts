import { refusal } from './refusal';

const node = '127.0.0.1:9221';

describe('giving error replies a type', () => {
  it.each([
    ['ERR Slot in syncing or a change operation is under way, retry later', 'busy'],
    ['ERR Table/Slot in syncing or a change operation is under way, retry later', 'busy'],
    ['ERR Corruption: partition : 0 exist', 'slot-exists'],
    ['ERR Corruption: partition 5 already exist', 'slot-exists'],
    ['ERR Corruption: partition : 99 not exist', 'slot-not-found'],
    ['ERR Slot 77 not found!', 'slot-not-found'],
    ['ERR Partition not found', 'slot-not-found'],
    ['ERR Server in read-only', 'read-only'],
    ['ERR Internal error: table not found!', 'table-not-found'],
    ["ERR invalid Table for 'select'", 'table-not-found'],
    ['ERR Internal error: table already exist!', 'table-exists'],
    ['ERR Corruption: partition index out of range', 'out-of-range'],
    ['ERR value is not an integer or out of range', 'out-of-range'],
    ['ERR Corruption: syntax error', 'syntax'],
    ['ERR Invalid Argument', 'syntax'],
    ["ERR wrong number of arguments for 'pkclusterinfo' command", 'syntax'],
    ['ERR You fucked up', 'self-attach'],
    ['ERR Corruption: connect remote node error', 'master-unreachable'],
    ['ERR unknown or unsupported command "pkcluster"', 'unsupported'],
    ['ERR unknown or unsupported command \'pkcluster"', 'unsupported'],
    ["Err unknown or unsupported command 'pkcluster'", 'unsupported'],
    ['ERR This command is not supported in current configuration', 'unsupported'],
    ['NOAUTH Authentication required.', 'auth-required'],
    ['ERR NOAUTH Authentication required.', 'auth-required'],
    ['ERR invalid password', 'auth-failed'],
    ['ERR max number of clients reached', 'refused'],
  ])('%s: %s', (text, code) => {
    const error = refusal(node, 'PKCLUSTER X', text, false);
    expect(error).toMatchObject({ code, node, command: 'PKCLUSTER X', outcomeUnknown: false });
    expect(error.remedy).not.toBe('');
  });

  it('says on which side the slot is in syncing', () => {
    const sides = [
      'ERR Corruption: sync master partition (db0:1) in syncing',
      'ERR Corruption: sync slave partition (db0:1) in kWaitReply state',
    ].map((text) => refusal(node, 'PKCLUSTER DELSLOTS 1', text, true));
    expect(sides.map(({ code, side }) => [code, side])).toEqual([
      ['in-syncing', 'master'],
      ['in-syncing', 'slave'],
    ]);
  });

  it('takes a missing key for a missing slot only in answers about slots', () => {
    expect(refusal(node, 'SLOTSSCAN 9 0', 'ERR no such key', false).code).toBe('slot-not-found');
    expect(refusal(node, 'LSET', 'ERR no such key', false).code).toBe('refused');
  });

  it('does not claim that nothing happened when an attachment stopped half way', () => {
    const text = 'ERR Corruption: connect remote node error';
    expect(refusal(node, 'PKCLUSTER SLOTSSLAVEOF 10.0.0.1 9221 1-3', text, true).outcomeUnknown).toBe(true);
  });
});
