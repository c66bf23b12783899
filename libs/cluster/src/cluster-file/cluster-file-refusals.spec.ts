import * as fc from 'fast-check';
import { parseClusterFile } from './cluster-file';
import { ClusterFileError } from './cluster-file-error';
import { file, GROUPS, problems, refusal, ROUTER, soundThen, withGroups } from './refused-files.fixture';

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
          'migration: { holdBudget: 31s, lagThreshold: 1XB, handover: by-hand }',
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
      '10 HANDOVER_UNKNOWN migration.handover',
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
