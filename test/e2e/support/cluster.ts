import { type Sandbox, startSandbox } from '../../../apps/sandbox/src/sandbox';

/** Two groups of two nodes with four slots each, and two empty nodes for a third group. */
export async function startLab(): Promise<Sandbox> {
  return startSandbox({ nodes: 6, groups: 2, slots: 8, speed: 'zero' });
}

/** The cluster file of a sandbox, with its spare nodes as group 3. */
export function clusterFile(lab: Sandbox, name = 'lab'): string {
  const { dashboard, product, proxies, nodes } = lab.topology();
  const [a, b, c, d, e, f] = nodes.map(({ address }) => address);
  return [
    `name: ${name}`,
    `router:`,
    `  kind: codis`,
    `  dashboard: http://${dashboard.address}`,
    `  product: ${product}`,
    `  proxies: ${JSON.stringify(proxies.map(({ admin }) => admin))}`,
    `groups:`,
    `  - { id: 1, nodes: ["${a}", "${b}"], slots: "0-3" }`,
    `  - { id: 2, nodes: ["${c}", "${d}"], slots: "4-7" }`,
    `  - { id: 3, nodes: ["${e}", "${f}"] }`,
    ``,
  ].join('\n');
}
