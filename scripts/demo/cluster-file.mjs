export const CLUSTER = 'lab';

/** The cluster file of the sandbox: two groups with all slots, and, when wanted, a third one with none. `more`: further lines. */
export function clusterFile({ dashboard, product, nodes }, groups, { groupSize = 2, more = [] } = {}) {
  const slots = { 1: '0-511', 2: '512-1023' };
  const lines = groups.map((id) => {
    const members = nodes.slice((id - 1) * groupSize, id * groupSize).map(({ address }) => `"${address}"`);
    return `  - { id: ${id}, nodes: [${members.join(', ')}]${slots[id] ? `, slots: "${slots[id]}"` : ''} }`;
  });
  return [
    `name: ${CLUSTER}`,
    `router: { kind: codis, dashboard: "http://${dashboard.address}", product: ${product} }`,
    'groups:',
    ...lines,
    ...more,
    '',
  ].join('\n');
}
