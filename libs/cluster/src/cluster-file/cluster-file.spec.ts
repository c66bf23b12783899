import * as fc from 'fast-check';
import { DEFAULT_FAILOVER } from '../failover/failover-settings';
import { formatSlots } from '../slots';
import { parseClusterFile } from './cluster-file';

const lab = `
name: lab
router:
  kind: codis
  dashboard: http://127.0.0.1:28080
  product: lab
  productAuth: { env: LAB_AUTH }
groups:
  - { id: 1, nodes: [127.0.0.1:9521, 127.0.0.1:9531], slots: 0-3 }
  - { id: 2, nodes: [127.0.0.1:9541, 127.0.0.1:9551], slots: 8 }
  - { id: 3, nodes: [127.0.0.1:9561] }
`;

describe('a cluster file', () => {
  it('is read with everything that goes without saying filled in', () => {
    expect(parseClusterFile(lab, 'lab.yaml')).toEqual({
      name: 'lab',
      router: {
        kind: 'codis',
        dashboard: 'http://127.0.0.1:28080',
        product: 'lab',
        productAuth: { env: 'LAB_AUTH' },
        proxies: [],
      },
      pika: { auth: { env: 'LAB_AUTH' } },
      tables: [{ id: 0, slots: 1024 }],
      groups: [
        { id: 1, nodes: ['127.0.0.1:9521', '127.0.0.1:9531'], slots: [{ table: 0, slots: [0, 1, 2, 3] }] },
        { id: 2, nodes: ['127.0.0.1:9541', '127.0.0.1:9551'], slots: [{ table: 0, slots: [8] }] },
        { id: 3, nodes: ['127.0.0.1:9561'], slots: [] },
      ],
      migration: { holdBudgetMs: 1000, maxStallMs: 100, lagThresholdBytes: 1_048_576, handover: 'auto' },
      failover: DEFAULT_FAILOVER,
    });
  });

  it('is read with everything said', () => {
    const file = parseClusterFile(
      `
name: big.one
router: { kind: codis, dashboard: 'https://codis.example.org:18080/', product: big_one, proxies: ["[::1]:11080", 10.0.0.9:11080] }
pika: { auth: { file: /run/secrets/pika } }
tables: [{ id: 1, slots: 16 }, { id: 0, slots: 64 }]
groups:
  - id: 7
    nodes:
      - node-1.example.org:9221
    slots: { 1: "0-3,8", 0: 0-31 }
  - { id: 8, nodes: [node-2.example.org:9221], slots: "40,32-35" }
migration: { holdBudget: 250ms, maxStall: 50ms, lagThreshold: 64KiB, handover: dashboard }
`,
      'big.yaml',
    );
    expect(file.router).toEqual({
      kind: 'codis',
      dashboard: 'https://codis.example.org:18080',
      product: 'big_one',
      productAuth: null,
      proxies: ['[::1]:11080', '10.0.0.9:11080'],
    });
    expect(file.pika).toEqual({ auth: { file: '/run/secrets/pika' } });
    expect(file.tables.map(({ id }) => id)).toEqual([0, 1]);
    expect(
      file.groups.map(({ slots }) => slots.map((owned) => [owned.table, formatSlots(owned.slots)])),
    ).toEqual([
      [
        [0, '0-31'],
        [1, '0-3,8'],
      ],
      [[0, '32-35,40']],
    ]);
    expect(file.migration).toEqual({
      holdBudgetMs: 250,
      maxStallMs: 50,
      lagThresholdBytes: 65_536,
      handover: 'dashboard',
    });
  });

  it.each(['auto', 'proxies', 'dashboard'])('may hand slots over by way of %s', (handover) => {
    const file = parseClusterFile(`${lab}\nmigration: { handover: ${handover} }\n`, 'lab.yaml');
    expect(file.migration).toEqual({
      holdBudgetMs: 1000,
      maxStallMs: 100,
      lagThresholdBytes: 1_048_576,
      handover,
    });
  });

  it('needs no password anywhere', () => {
    const file = parseClusterFile(lab.replace(/ {2}productAuth.*\n/, ''), 'lab.yaml');
    expect(file.router.productAuth).toBeNull();
    expect(file.pika.auth).toBeNull();
  });

  it('takes a lag threshold without a unit as bytes', () => {
    expect(
      parseClusterFile(`${lab}migration: { lagThreshold: 512 }`, 'lab.yaml').migration.lagThresholdBytes,
    ).toBe(512);
  });

  it.each([
    ['50ms', 50],
    ['30s', 30_000],
  ])('accepts the hold budget %s at the edge', (text, milliseconds) => {
    expect(
      parseClusterFile(`${lab}migration: { holdBudget: ${text} }`, 'lab.yaml').migration.holdBudgetMs,
    ).toBe(milliseconds);
  });

  it('can be stored as JSON', () => {
    const file = parseClusterFile(lab, 'lab.yaml');
    expect(JSON.parse(JSON.stringify(file))).toEqual(file);
  });

  it('may have Windows line ends', () => {
    expect(parseClusterFile(lab.replaceAll('\n', '\r\n'), 'lab.yaml')).toEqual(
      parseClusterFile(lab, 'lab.yaml'),
    );
  });

  it('gives every slot to the group it names, for any distribution', () => {
    const owners = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 64 });
    fc.assert(
      fc.property(owners, (ownerOfSlot) => {
        const ids = [...new Set(ownerOfSlot)];
        const slotsOf = (id: number): number[] =>
          [...ownerOfSlot.keys()].filter((slot) => ownerOfSlot[slot] === id);
        const groups = ids.map(
          (id) => `  - { id: ${id}, nodes: [n${id}:1], slots: "${formatSlots(slotsOf(id))}" }\n`,
        );
        const file = parseClusterFile(lab.replace(/groups:[^]*/, `groups:\n${groups.join('')}`), 'lab.yaml');
        expect(file.groups.map(({ id, slots }) => [id, slots[0]?.slots])).toEqual(
          ids.map((id) => [id, slotsOf(id)]),
        );
      }),
    );
  });
});
