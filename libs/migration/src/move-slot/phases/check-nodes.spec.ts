import type { ClusterDefinition } from '@slotferry/cluster';
import { ClusterConnections, type OpenCluster } from '@slotferry/inventory';
import { Redactor } from '@slotferry/platform';
import type { Outcome } from '@slotferry/workflow';
import { Costs, Network, PikaNode } from '../../../../../apps/sandbox/src/pika';
import { checkNodes } from './check-nodes';

describe('comparing the nodes a slot will live on with the one it lives on', () => {
  const network = new Network(new Costs('zero'));
  const node = (name: string, options = {}): PikaNode => new PikaNode({ name, ...options }, network);
  const nodes = {
    source: node('source'),
    twin: node('twin'),
    smaller: node('smaller', { slotCount: 512 }),
    older: node('older', { version: '3.3.6' }),
    tableless: node('tableless'),
  };
  const connections = new ClusterConnections(new Redactor());
  const definition = {
    name: 'lab',
    router: { kind: 'codis', dashboard: 'http://127.0.0.1:9', product: 'lab', productAuth: null },
    pika: { auth: null },
  } as unknown as ClusterDefinition;
  let cluster: OpenCluster;
  beforeAll(async () => {
    await Promise.all(Object.values(nodes).map((one) => one.start()));
    cluster = connections.open(definition);
    await cluster.node(nodes.source.address).addSlots([5]);
    await cluster.node(nodes.tableless.address).addTable(1, 16);
    await cluster.node(nodes.tableless.address).raw(['PKCLUSTER', 'DELTABLE', '0']);
  });
  afterAll(async () => {
    await connections.close();
    await Promise.all(Object.values(nodes).map((one) => one.close()));
  });

  const check = (target: PikaNode, slot = 5): Promise<Outcome | null> =>
    checkNodes(cluster, { table: 0, slot }, nodes.source.address, [target.address]);

  it('finds nothing between equal nodes', async () => {
    expect(await check(nodes.twin)).toBeNull();
  });

  it.each([
    ['target-lacks-table', nodes.tableless],
    ['slot-number-differs', nodes.smaller],
    ['versions-differ', nodes.older],
  ])('blocks with %s, naming the node', async (code, target) => {
    expect(await check(target)).toMatchObject({
      kind: 'blocked',
      problem: { code, message: expect.stringContaining(target.address) },
    });
  });

  it('blocks when the source does not hold the slot, or follows somebody for it', async () => {
    expect(await check(nodes.twin, 6)).toMatchObject({ problem: { code: 'source-lacks-slot' } });
    await cluster.node(nodes.twin.address).addSlots([5]);
    await cluster.node(nodes.source.address).attach({ master: nodes.twin.address, slots: [5] });
    expect(await check(nodes.smaller)).toMatchObject({
      problem: { code: 'source-follows', message: expect.stringContaining(nodes.twin.address) },
    });
    await cluster.node(nodes.source.address).detach([5]);
  });

  it('throws what says that a node cannot be asked', async () => {
    const dead = node('dead');
    await dead.start();
    await dead.close();
    await expect(check(dead)).rejects.toMatchObject({ code: 'unreachable', node: dead.address });
  });
});
