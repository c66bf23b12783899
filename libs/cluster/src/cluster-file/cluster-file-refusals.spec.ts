import * as fc from 'fast-check';
import { parseClusterFile } from './cluster-file';
import { ClusterFileError } from './cluster-file-error';

const ROUTER = 'router: { kind: codis, dashboard: http://127.0.0.1:28080, product: lab }';
const GROUPS = 'groups: [{ id: 1, nodes: [127.0.0.1:9521], slots: 0-31 }]';
const file = (...lines: string[]): string => lines.join('\n');
/** A sound file on lines 1 to 3; `lines` begin on line 4. */
const soundThen = (...lines: string[]): string => file('name: lab', ROUTER, GROUPS, ...lines);
/** A file whose line 2 is `router`. */
const withRouter = (router: string): string => file('name: lab', router, GROUPS);
/** A file whose groups begin on line 4. */
const withGroups = (...groups: string[]): string => file('name: lab', ROUTER, 'groups:', ...groups);

function refusal(text: string): ClusterFileError {
  try {
    parseClusterFile(text, 'cluster.yaml');
  } catch (error) {
    if (error instanceof ClusterFileError) return error;
    throw error;
  }
  throw new Error('the file was accepted');
}

/** `line code path` of every problem. */
function problems(text: string): string[] {
  return refusal(text).problems.map(({ line, code, path }) => `${line} ${code} ${path}`.trim());
}

it('accepts what the refused files are made from', () => {
  expect(parseClusterFile(soundThen(), 'cluster.yaml').name).toBe('lab');
});

describe('a refusal', () => {
  const text = withGroups(
    '  - { id: 1, nodes: [127.0.0.1:9521], slots: 0-31 }',
    '  - { id: 2, nodes: [127.0.0.1], slots: 30-40 }',
  );

  it('names file, line, place and remedy of every problem', () => {
    expect(refusal(text).message).toBe(
      [
        'cluster.yaml:5: groups[1].nodes[0]: "127.0.0.1" is not an address: it has no port — Write host:port, for example 10.0.0.5:9221, node-1.example.org:9221 or [2001:db8::5]:9221.',
        'cluster.yaml:5: groups[1].slots: Group 1 and group 2 both claim slots 30-31 of table 0 — A slot has one owner: leave it in one group.',
      ].join('\n'),
    );
  });

  it('carries the problems for programs too', () => {
    expect(refusal(text)).toMatchObject({ code: 'CLUSTER_FILE_INVALID', fileName: 'cluster.yaml' });
    expect(refusal(text).remedy).toContain('cluster.yaml');
    expect(refusal(text).problems[0]).toEqual({
      code: 'ADDRESS_INVALID',
      message: expect.stringContaining('no port'),
      remedy: expect.stringContaining('host:port'),
      line: 5,
      column: 22,
      path: 'groups[1].nodes[0]',
    });
  });

  it('tells all problems at once, in the order of the lines', () => {
    expect(
      problems(
        file(
          'nmae: lab',
          'router: { kind: codis, dashboard: 127.0.0.1:28080, product: a/b, productAuth: hunter2 }',
          'tables: [{ id: 0, slots: 64 }]',
          'groups:',
          '  - id: 0',
          '    nodes: [127.0.0.1:9521, 127.0.0.1:99999]',
          '    slots: 0-31',
          '  - { id: 2, nodes: [127.0.0.1:9521], slots: 30-40 }',
          '  - { id: 2, nodes: [127.0.0.1:9541], slots: 60-70 }',
          'migration: { holdBudget: 31s, lagThreshold: 1XB, handover: proxies }',
        ),
      ),
    ).toEqual([
      '1 KEY_UNKNOWN nmae',
      '1 KEY_MISSING',
      '2 DASHBOARD_INVALID router.dashboard',
      '2 NAME_INVALID router.product',
      '2 SECRET_IN_FILE router.productAuth',
      '5 GROUP_ID_OUT_OF_RANGE groups[0].id',
      '6 ADDRESS_INVALID groups[0].nodes[1]',
      '8 NODE_REPEATED groups[1].nodes[0]',
      '8 SLOTS_OVERLAP groups[1].slots',
      '9 GROUP_REPEATED groups[2].id',
      '9 SLOTS_OUT_OF_RANGE groups[2].slots',
      '10 HOLD_BUDGET_OUT_OF_RANGE migration.holdBudget',
      '10 SIZE_INVALID migration.lagThreshold',
      '10 HANDOVER_UNSUPPORTED migration.handover',
    ]);
  });
});

describe('as YAML', () => {
  it.each([
    ['nothing', '', '1 FILE_EMPTY'],
    ['comments only', '# to do\n\n', '1 FILE_EMPTY'],
    ['a list', '- a', '1 WRONG_TYPE'],
    ['a word', 'lab', '1 WRONG_TYPE'],
    ['an open bracket', 'name: lab\ngroups: [', '2 YAML_SYNTAX'],
    ['a tab', 'router:\n\tkind: codis', '2 YAML_SYNTAX'],
    ['two documents', 'name: a\n---\nname: b', '2 YAML_MANY_DOCUMENTS'],
    ['an alias', 'name: &lab lab\nrouter: *lab', '2 YAML_ALIAS'],
    ['an alias of nothing', 'name: lab\nrouter: *lab', '2 YAML_ALIAS'],
    ['a tag', 'name: !secret lab', '1 YAML_TAG'],
    ['a key that is a list', 'name: lab\ngroups: [[::1]:9521]', '2 YAML_KEY'],
  ])('%s is refused', (_what, text, problem) => {
    expect(problems(text)).toContain(problem);
  });

  it('a repeated key is refused by name, and the rest is looked at all the same', () => {
    expect(problems(soundThen('name: other', 'pika: 1'))).toEqual(['4 KEY_REPEATED', '5 WRONG_TYPE pika']);
    expect(refusal(soundThen('name: other')).message).toContain('The key name is there twice');
  });

  it('a repeated key deep inside is refused', () => {
    expect(problems(withGroups('  - id: 1', '    nodes: [a:1]', '    id: 2'))).toEqual(['6 KEY_REPEATED']);
  });

  it('hostile nesting is refused without a long list', () => {
    expect(refusal('['.repeat(100_000)).problems.length).toBeLessThan(10);
  });

  it('any text is read or refused, never anything else', () => {
    const line = fc.oneof(
      fc.constantFrom(
        'name: lab',
        ROUTER,
        GROUPS,
        'groups:',
        '- id: 1',
        '  nodes: [a:1]',
        '&a *a',
        '? [a]',
        '<<: {}',
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        try {
          parseClusterFile(lines.join('\n'), 'cluster.yaml');
        } catch (error) {
          expect(error).toBeInstanceOf(ClusterFileError);
          expect((error as ClusterFileError).problems).not.toEqual([]);
        }
      }),
    );
  });
});

describe('keys and types', () => {
  it.each([
    ['an unknown key', soundThen('  ', 'colour: red'), ['5 KEY_UNKNOWN colour']],
    ['__proto__', soundThen('__proto__: { a: 1 }'), ['4 KEY_UNKNOWN __proto__']],
    ['a merge key', soundThen('<<: { pika: 1 }'), ['4 KEY_UNKNOWN <<']],
    ['a missing key', file('name: lab', ROUTER), ['1 KEY_MISSING']],
    ['a number as name', file('name: 12', ROUTER, GROUPS), ['1 WRONG_TYPE name']],
    ['a name that would not fit in an address', file('name: a b', ROUTER, GROUPS), ['1 NAME_INVALID name']],
    ['a key without a value', file('name:', ROUTER, GROUPS), ['1 VALUE_MISSING name']],
    ['an empty text', file('name: ""', ROUTER, GROUPS), ['1 VALUE_MISSING name']],
    ['groups as a section', file('name: lab', ROUTER, 'groups:', '  a: 1'), ['4 WRONG_TYPE groups']],
    ['no groups', file('name: lab', ROUTER, 'groups: []'), ['3 LIST_EMPTY groups']],
    ['a group as text', withGroups('  - one'), ['4 WRONG_TYPE groups[0]']],
    ['a group without nodes', withGroups('  - id: 1'), ['4 KEY_MISSING groups[0]']],
    ['empty nodes', withGroups('  - { id: 1, nodes: [] }'), ['4 LIST_EMPTY groups[0].nodes']],
    [
      'a node as number',
      withGroups('  - id: 1', '    nodes:', '      - 9521'),
      ['6 WRONG_TYPE groups[0].nodes[0]'],
    ],
    ['an id as text', withGroups('  - { id: "1", nodes: [a:1] }'), ['4 WRONG_TYPE groups[0].id']],
    ['an id that is not whole', withGroups('  - { id: 1.5, nodes: [a:1] }'), ['4 WRONG_TYPE groups[0].id']],
  ])('%s is refused', (_what, text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  it('helps when the commas of a list of slots ended up between keys', () => {
    const error = refusal(withGroups('  - { id: 1, nodes: [a:1], slots: 0-3,8-9 }'));
    expect(error.message).toBe(
      'cluster.yaml:4: groups[0].8-9: This key is not known — Put a list of slots in quotes: "0-3,8".',
    );
  });
});

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
    ['another handover', 'handover: proxies', 'HANDOVER_UNSUPPORTED migration.handover'],
    ['an unknown key', 'speed: 9', 'KEY_UNKNOWN migration.speed'],
  ])('%s is refused', (_what, setting, problem) => {
    expect(problems(soundThen('migration:', `  ${setting}`))).toEqual([`5 ${problem}`]);
  });
});
