import { parseClusterFile, type RouterView } from '@slotferry/cluster';
import { describeDifferences } from './describe-differences';

const definition = parseClusterFile(
  `name: lab
router: { kind: codis, dashboard: "http://h:1", product: lab, proxies: ["h:11080"] }
groups: [{ id: 1, nodes: ["h:1"], slots: "0-4" }]
`,
  'lab.yaml',
);

function view(groups: readonly (number | null)[]): RouterView {
  return {
    product: 'lab',
    routes: groups.map((group, slot) => ({ table: 0, slot, group, handover: null })),
    groups: [{ id: 1, servers: ['h:1'], promoting: false, outOfSync: false }],
    proxies: [{ token: 't', admin: 'h:11080', address: 'h:19000', problem: null }],
    handovers: { disabled: false, intervalMicros: 0, executing: 0, status: '' },
  };
}

describe('describeDifferences', () => {
  it('says nothing when the router is as defined', () => {
    expect(describeDifferences(definition, view([1, 1, 1, 1, 1]))).toEqual([]);
  });

  it('takes slots together that differ in the same way', () => {
    expect(describeDifferences(definition, view([2, 2, null, 1, 2]))).toEqual([
      'Slots 0-1,4 of table 0 belong to group 1, the router has them in group 2',
      'Slot 2 of table 0 belongs to group 1, the router has it offline',
    ]);
  });

  it('names a proxy that the router does not know', () => {
    const without = { ...view([1, 1, 1, 1, 1]), proxies: [] };
    expect(describeDifferences(definition, without)).toEqual(['The router does not know the proxy h:11080']);
  });
});
