import { file, problems, refusal, ROUTER, soundThen, withGroups, withRouter } from './refused-files.fixture';

describe('the router', () => {
  const router = (rest: string): string => withRouter(`router: { kind: codis, product: lab, ${rest} }`);

  it.each(['codis-tables', 'twemproxy'])('%s is known, and not supported yet', (kind) => {
    const error = refusal(withRouter(`router: { kind: ${kind}, config: /etc/nutcracker.yml }`));
    expect(error.problems.map(({ code }) => code)).toEqual(['ROUTER_UNSUPPORTED']);
    expect(error.message).toContain(`A router of kind ${kind} is not supported yet by this version`);
  });

  it.each([
    ['another kind', withRouter('router: { kind: envoy }'), '2 ROUTER_UNKNOWN router.kind'],
    ['no kind', withRouter('router: { dashboard: "http://a:1", product: lab }'), '2 KEY_MISSING router'],
    [
      'a dashboard without http',
      router('dashboard: 127.0.0.1:28080'),
      '2 DASHBOARD_INVALID router.dashboard',
    ],
    [
      'a dashboard with a path',
      router('dashboard: http://a:1/topom'),
      '2 DASHBOARD_INVALID router.dashboard',
    ],
    [
      'a dashboard with a query',
      router('dashboard: "http://a:1/?x=1"'),
      '2 DASHBOARD_INVALID router.dashboard',
    ],
    ['a bad proxy', router('dashboard: http://a:1, proxies: [11080]'), '2 WRONG_TYPE router.proxies[0]'],
    [
      'a proxy without port',
      router('dashboard: http://a:1, proxies: [a]'),
      '2 ADDRESS_INVALID router.proxies[0]',
    ],
    [
      'a proxy twice',
      router('dashboard: http://a:1, proxies: [a:1, A:1]'),
      '2 PROXY_REPEATED router.proxies[1]',
    ],
  ])('%s is refused', (_what, text, problem) => {
    expect(problems(text)).toEqual([problem]);
  });
});

describe('secrets', () => {
  const auth = (value: string): string =>
    withRouter(`router: { kind: codis, dashboard: "http://a:1", product: lab, productAuth: ${value} }`);

  it.each([
    ['text', 'hunter2', 'SECRET_IN_FILE'],
    ['a list', '[hunter2]', 'SECRET_IN_FILE'],
    ['a number', '123456', 'SECRET_IN_FILE'],
    ['nothing', '', 'VALUE_MISSING'],
    ['an empty section', '{}', 'SECRET_SOURCE_UNCLEAR'],
    ['both sources', '{ env: A, file: /b }', 'SECRET_SOURCE_UNCLEAR'],
    ['another source', '{ value: hunter2 }', 'SECRET_SOURCE_UNCLEAR'],
    ['the secret as a key', '{ hunter2 }', 'SECRET_SOURCE_UNCLEAR'],
    ['the secret as a variable', '{ env: hunter2! }', 'ENV_NAME_INVALID'],
    ['a relative file', '{ file: hunter2 }', 'PATH_RELATIVE'],
  ])('%s is refused without repeating it', (_what, value, code) => {
    const error = refusal(auth(value));
    expect(error.problems.map((problem) => problem.code)).toEqual([code]);
    expect(JSON.stringify(error.problems) + error.message).not.toMatch(/hunter2|123456/);
  });

  it('the remedy names what to write instead', () => {
    expect(refusal(auth('hunter2')).message).toContain('{ env: NAME }, or a file, { file: /path }');
  });

  it('the password of the nodes is held to the same', () => {
    expect(problems(soundThen('pika: { auth: hunter2 }'))).toEqual(['4 SECRET_IN_FILE pika.auth']);
  });

  it('a password inside an address is not repeated', () => {
    const dashboard = withRouter('router: { kind: codis, dashboard: "http://u:hunter2@a:1", product: lab }');
    const node = withGroups('  - { id: 1, nodes: ["hunter2@a:1", "hunter2@a:1"] }');
    expect(problems(dashboard)).toEqual(['2 DASHBOARD_INVALID router.dashboard']);
    expect(problems(node)).toEqual([
      '4 ADDRESS_INVALID groups[0].nodes[0]',
      '4 ADDRESS_INVALID groups[0].nodes[1]',
    ]);
    expect(refusal(dashboard).message + refusal(node).message).not.toContain('hunter2');
  });
});

describe('slots', () => {
  const slots = (value: string): string => withGroups('  - id: 1', '    nodes: [a:1]', `    slots: ${value}`);

  it.each([
    ['words', 'all', '6 SLOTS_SYNTAX groups[0].slots'],
    ['a fraction', '1.5', '6 SLOTS_SYNTAX groups[0].slots'],
    ['a negative number', '-1', '6 SLOTS_SYNTAX groups[0].slots'],
    ['a reversed range', '8-3', '6 SLOTS_RANGE_REVERSED groups[0].slots'],
    ['a repeated slot', '"1,1"', '6 SLOTS_DUPLICATE groups[0].slots'],
    ['the first slot past the table', '1024', '6 SLOTS_OUT_OF_RANGE groups[0].slots'],
    ['a list', '[1, 2]', '6 WRONG_TYPE groups[0].slots'],
    ['no value', '', '6 VALUE_MISSING groups[0].slots'],
    ['a table that is not described', '{ 0: 1, 7: 1 }', '6 TABLE_UNKNOWN groups[0].slots.7'],
    ['a table that is no number', '{ first: 1 }', '6 TABLE_ID_INVALID groups[0].slots.first'],
    ['a table without slots', '{ 0: }', '6 VALUE_MISSING groups[0].slots.0'],
  ])('%s is refused', (_what, value, problem) => {
    expect(problems(slots(value))).toEqual([problem]);
  });

  it('overlaps are found for each table, also with a group whose id is wrong', () => {
    const text = file(
      'name: lab',
      ROUTER,
      'tables: [{ id: 0, slots: 64 }, { id: 1, slots: 16 }]',
      'groups:',
      '  - { id: one, nodes: [a:1], slots: { 0: 0-31, 1: 0-7 } }',
      '  - { id: 2, nodes: [b:1], slots: { 0: 32-63, 1: 7-8 } }',
    );
    expect(problems(text)).toEqual(['5 WRONG_TYPE groups[0].id', '6 SLOTS_OVERLAP groups[1].slots.1']);
    expect(refusal(text).message).toContain('Entry 1 of groups and group 2 both claim slot 7 of table 1');
  });
});

describe('tables', () => {
  it.each([
    ['text', 'tables: all', ['4 WRONG_TYPE tables']],
    ['no tables', 'tables: []', ['4 LIST_EMPTY tables']],
    ['a table without its number of slots', 'tables: [{ id: 0 }]', ['4 KEY_MISSING tables[0]']],
    ['a table of no slots', 'tables: [{ id: 0, slots: 0 }]', ['4 TABLE_SIZE_INVALID tables[0].slots']],
    ['a table twice', 'tables: [{ id: 0, slots: 64 }, { id: 0, slots: 64 }]', ['4 TABLE_REPEATED tables[1]']],
    [
      'a table that leaves the groups without one',
      'tables: [{ id: 1, slots: 64 }]',
      ['3 TABLE_UNKNOWN groups[0].slots'],
    ],
  ])('%s: refused, and the slots of the groups are not blamed for it', (_what, tables, expected) => {
    expect(problems(soundThen(tables))).toEqual(expected);
  });
});

describe('migration', () => {
  it.each([
    ['a hold budget without a unit', 'holdBudget: 1000', 'DURATION_INVALID migration.holdBudget'],
    ['a hold budget of words', 'holdBudget: soon', 'DURATION_INVALID migration.holdBudget'],
    ['too short a hold budget', 'holdBudget: 49ms', 'HOLD_BUDGET_OUT_OF_RANGE migration.holdBudget'],
    ['too long a hold budget', 'holdBudget: 30001ms', 'HOLD_BUDGET_OUT_OF_RANGE migration.holdBudget'],
    ['a lag threshold of words', 'lagThreshold: small', 'SIZE_INVALID migration.lagThreshold'],
    ['a negative lag threshold', 'lagThreshold: -1', 'SIZE_INVALID migration.lagThreshold'],
    ['true as a lag threshold', 'lagThreshold: true', 'WRONG_TYPE migration.lagThreshold'],
    ['a handover by a way unknown', 'handover: by-hand', 'HANDOVER_UNKNOWN migration.handover'],
    ['an unknown key', 'speed: 9', 'KEY_UNKNOWN migration.speed'],
  ])('%s is refused', (_what, setting, problem) => {
    expect(problems(soundThen('migration:', `  ${setting}`))).toEqual([`5 ${problem}`]);
  });
});
