import { DEFAULT_FAILOVER, flagsOf, policyOf } from '../failover/failover-settings';
import { parseClusterFile, type ClusterFile } from './cluster-file';
import { file, GROUPS, problems, refusal, ROUTER, soundThen, withGroups } from './refused-files.fixture';

const read = (text: string): ClusterFile => parseClusterFile(text, 'cluster.yaml');
const failover = (...lines: string[]): string => soundThen('failover:', ...lines.map((line) => `  ${line}`));

describe('the section failover', () => {
  it('is read with everything said', () => {
    const text = failover(
      'mode: propose',
      'downAfter: 1s',
      'quorum: 2',
      'maxLoss: 1MiB',
      'maxLossTime: 500ms',
      'block: 5m',
      'windows: ["01:00-06:30", "22:00-04:00", "00:00-24:00"]',
      'discard: keep',
      'heal: off',
      'notify:',
      '  webhooks:',
      '    - { url: "https://hooks.example.org/a?b=1", secret: { env: HOOK_KEY }, when: before }',
      '    - { url: "http://10.0.0.9:8080" }',
      '  commands: [{ run: [/usr/bin/page, "--group", "1"], when: before }, { run: [date] }]',
      '  timeout: 2s',
    );
    expect(read(text).failover).toEqual({
      mode: 'propose',
      downAfterMs: 1000,
      quorum: 2,
      maxLossBytes: 1_048_576,
      maxLossMs: 500,
      blockMs: 300_000,
      windows: [
        { from: 60, to: 390 },
        { from: 1320, to: 240 },
        { from: 0, to: 1440 },
      ],
      discard: 'keep',
      heal: 'off',
      notify: {
        webhooks: [
          { url: 'https://hooks.example.org/a?b=1', secret: { env: 'HOOK_KEY' }, when: 'before' },
          { url: 'http://10.0.0.9:8080/', secret: null, when: 'after' },
        ],
        commands: [
          { run: ['/usr/bin/page', '--group', '1'], when: 'before' },
          { run: ['date'], when: 'after' },
        ],
        timeoutMs: 2000,
      },
      groups: {},
      nodes: {},
    });
  });

  it('leaves what it does not say as it is without it', () => {
    expect(read(failover('mode: off')).failover).toEqual({ ...DEFAULT_FAILOVER, mode: 'off' });
    expect(read(failover('notify: { timeout: 100ms }')).failover.notify).toEqual({
      webhooks: [],
      commands: [],
      timeoutMs: 100,
    });
  });

  it.each([
    ['500ms', 500],
    ['10m', 600_000],
  ])('accepts the down-after time %s at the edge', (text, milliseconds) => {
    expect(read(failover(`downAfter: ${text}`)).failover.downAfterMs).toBe(milliseconds);
  });

  it.each([
    ['an unknown key', 'speed: 9', 'KEY_UNKNOWN failover.speed'],
    ['an unknown mode', 'mode: manual', 'MODE_UNKNOWN failover.mode'],
    ['a mode that is true', 'mode: true', 'WRONG_TYPE failover.mode'],
    ['a down-after time without a unit', 'downAfter: 500', 'DURATION_INVALID failover.downAfter'],
    ['too short a down-after time', 'downAfter: 499ms', 'DOWN_AFTER_OUT_OF_RANGE failover.downAfter'],
    ['too long a down-after time', 'downAfter: 11m', 'DOWN_AFTER_OUT_OF_RANGE failover.downAfter'],
    ['a quorum of nobody', 'quorum: 0', 'QUORUM_OUT_OF_RANGE failover.quorum'],
    ['a quorum of hundreds', 'quorum: 100', 'QUORUM_OUT_OF_RANGE failover.quorum'],
    ['a quorum in words', 'quorum: majority', 'WRONG_TYPE failover.quorum'],
    ['a loss that is no size', 'maxLoss: little', 'SIZE_INVALID failover.maxLoss'],
    ['a time of loss that is none', 'maxLossTime: 5', 'DURATION_INVALID failover.maxLossTime'],
    ['a time of loss beyond a day', 'maxLossTime: 1441m', 'MAX_LOSS_TIME_OUT_OF_RANGE failover.maxLossTime'],
    ['a block that is no time', 'block: long', 'DURATION_INVALID failover.block'],
    ['a block beyond a day', 'block: 1441m', 'BLOCK_OUT_OF_RANGE failover.block'],
    ['windows that are no list', 'windows: "01:00-06:00"', 'WRONG_TYPE failover.windows'],
    ['no windows', 'windows: []', 'LIST_EMPTY failover.windows'],
    ['a window in words', 'windows: [at night]', 'WINDOW_INVALID failover.windows[0]'],
    ['an hour that is none', 'windows: ["01:00-25:00"]', 'WINDOW_INVALID failover.windows[0]'],
    ['a minute that is none', 'windows: ["01:60-02:00"]', 'WINDOW_INVALID failover.windows[0]'],
    ['a window from the end of the day', 'windows: ["24:00-02:00"]', 'WINDOW_INVALID failover.windows[0]'],
    ['an empty window', 'windows: ["00:00-24:00", "02:00-02:00"]', 'WINDOW_INVALID failover.windows[1]'],
    ['an unknown way to discard', 'discard: burn', 'DISCARD_UNKNOWN failover.discard'],
    ['an unknown way to heal', 'heal: pray', 'HEAL_UNKNOWN failover.heal'],
    ['an unknown way to notify', 'notify: { mail: a }', 'KEY_UNKNOWN failover.notify.mail'],
    ['too short a limit', 'notify: { timeout: 99ms }', 'NOTIFY_TIMEOUT_OUT_OF_RANGE failover.notify.timeout'],
    ['too long a limit', 'notify: { timeout: 61s }', 'NOTIFY_TIMEOUT_OUT_OF_RANGE failover.notify.timeout'],
    ['webhooks that are no list', 'notify: { webhooks: "http://a" }', 'WRONG_TYPE failover.notify.webhooks'],
    [
      'a webhook without address',
      'notify: { webhooks: [{ when: after }] }',
      'KEY_MISSING failover.notify.webhooks[0]',
    ],
    [
      'a webhook that is a file',
      'notify: { webhooks: [{ url: "file:///etc/passwd" }] }',
      'WEBHOOK_INVALID failover.notify.webhooks[0].url',
    ],
    [
      'a moment that is none',
      'notify: { webhooks: [{ url: "http://a", when: during }] }',
      'WHEN_UNKNOWN failover.notify.webhooks[0].when',
    ],
    [
      'a command as one text',
      'notify: { commands: [{ run: "rm -rf /" }] }',
      'WRONG_TYPE failover.notify.commands[0].run',
    ],
    ['an empty command', 'notify: { commands: [{ run: [] }] }', 'LIST_EMPTY failover.notify.commands[0].run'],
    [
      'a number in a command',
      'notify: { commands: [{ run: [page, 1] }] }',
      'WRONG_TYPE failover.notify.commands[0].run[1]',
    ],
    [
      'a command without one',
      'notify: { commands: [{ when: after }] }',
      'KEY_MISSING failover.notify.commands[0]',
    ],
  ])('%s is refused', (_what, setting, problem) => {
    expect(problems(failover(setting))).toEqual([`5 ${problem}`]);
  });

  it('says on which line and column what is wrong, and what to write', () => {
    const { problems: found, message } = refusal(failover('mode: automatic', 'downAfter: 100ms'));
    expect(found).toMatchObject([{ line: 6, column: 14 }]);
    expect(message).toContain('A master cannot be called down after 100ms — Use 500ms to 10m.');
  });

  it('does not repeat what may be a secret', () => {
    const hooks = [
      '{ url: "https://user:hunter2@hooks.example.org/" }',
      '{ url: "hooks.example.org/hunter2" }',
      '{ url: "https://hooks.example.org/", secret: hunter2 }',
    ];
    const error = refusal(failover(`notify: { webhooks: [${hooks.join(', ')}] }`));
    expect(error.problems.map(({ code }) => code)).toEqual([
      'WEBHOOK_INVALID',
      'WEBHOOK_INVALID',
      'SECRET_IN_FILE',
    ]);
    expect(JSON.stringify(error.problems) + error.message).not.toContain('hunter2');
  });
});

describe('the failover of one group', () => {
  const text = file(
    'name: lab',
    ROUTER,
    'groups:',
    '  - { id: 1, nodes: [a:1] }',
    '  - { id: 2, nodes: [b:1], failover: { mode: propose, windows: ["00:00-24:00"] } }',
    '  - { id: 3, nodes: [c:1], failover: {} }',
    'failover: { downAfter: 2s, quorum: 3, windows: ["01:00-02:00"] }',
  );

  it('is as for the cluster but for what it says itself', () => {
    const settings = read(text).failover;
    expect(policyOf(settings, 2)).toEqual({
      mode: 'propose',
      downAfterMs: 2000,
      quorum: 3,
      maxLossBytes: DEFAULT_FAILOVER.maxLossBytes,
      maxLossMs: null,
      blockMs: DEFAULT_FAILOVER.blockMs,
      windows: [{ from: 0, to: 1440 }],
    });
    expect(policyOf(settings, 1)).toMatchObject({ mode: 'automatic', windows: [{ from: 60, to: 120 }] });
    expect(policyOf(settings, 3)).toMatchObject({ mode: 'automatic', downAfterMs: 2000 });
  });

  it.each([
    ['what counts for the cluster only', '{ heal: off }', 'KEY_UNKNOWN groups[0].failover.heal'],
    ['a quorum of nobody', '{ quorum: 0 }', 'QUORUM_OUT_OF_RANGE groups[0].failover.quorum'],
    ['too long a down-after time', '{ downAfter: 1h }', 'DURATION_INVALID groups[0].failover.downAfter'],
    ['a word', 'off', 'WRONG_TYPE groups[0].failover'],
  ])('%s is refused', (_what, value, problem) => {
    expect(problems(withGroups(`  - { id: 1, nodes: [a:1], failover: ${value} }`))).toEqual([`4 ${problem}`]);
  });
});

describe('a node with more than an address', () => {
  const node = (entry: string): string => withGroups(`  - { id: 1, nodes: [a:1, ${entry}] }`);

  it('keeps its place, and the first one stays the master', () => {
    const text = withGroups(
      '  - id: 1',
      '    nodes:',
      '      - { address: a:1, zone: east }',
      '      - b:1',
      '      - { address: c:1, prefer: true, zone: west }',
      '      - { address: d:1, never: true, prefer: false }',
      '      - { address: e:1 }',
    );
    const { groups, failover: settings } = read(text);
    expect(groups[0]?.nodes).toEqual(['a:1', 'b:1', 'c:1', 'd:1', 'e:1']);
    expect(settings.nodes).toEqual({
      'a:1': { prefer: false, never: false, zone: 'east' },
      'c:1': { prefer: true, never: false, zone: 'west' },
      'd:1': { prefer: false, never: true, zone: null },
    });
    expect(flagsOf(settings, 'b:1')).toEqual({ prefer: false, never: false, zone: null });
  });

  it.each([
    ['preferred and never', '{ address: b:1, prefer: true, never: true }', 'NODE_PREFERRED_AND_NEVER %'],
    ['without an address', '{ prefer: true }', 'KEY_MISSING %'],
    ['with an address that is none', '{ address: b }', 'ADDRESS_INVALID %.address'],
    ['named twice', '{ address: a:1 }', 'NODE_REPEATED %.address'],
    ['with an unknown key', '{ address: b:1, rack: a }', 'KEY_UNKNOWN %.rack'],
    ['preferred in words', '{ address: b:1, prefer: very }', 'WRONG_TYPE %.prefer'],
    ['never by a number', '{ address: b:1, never: 1 }', 'WRONG_TYPE %.never'],
    ['in a zone that is a number', '{ address: b:1, zone: 1 }', 'WRONG_TYPE %.zone'],
    ['in a zone that is no name', '{ address: b:1, zone: a b }', 'NAME_INVALID %.zone'],
  ])('%s is refused', (_what, entry, problem) => {
    expect(problems(node(entry))).toEqual([`4 ${problem.replace('%', 'groups[0].nodes[1]')}`]);
  });
});

it('what the refused files are made from has the failover of a file that says nothing', () => {
  expect(read(file('name: lab', ROUTER, GROUPS)).failover).toEqual(DEFAULT_FAILOVER);
});
