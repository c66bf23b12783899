import { ClusterConnections, type OpenCluster } from '@slotferry/inventory';
import { Redactor } from '@slotferry/platform';
import { type Lab, startLab } from '../../../../test/support/lab';
import { askProxies, type ClientWitness } from './client-witness';

describe('the proxies, asked for a master', () => {
  let lab: Lab;
  let connections: ClusterConnections;
  let cluster: OpenCluster;
  beforeEach(async () => {
    lab = await startLab({ slotsPerGroup: 8 });
    connections = new ClusterConnections(new Redactor(), { sourceAddress: '127.0.0.11' });
    cluster = connections.open(lab.definition);
  });
  afterEach(async () => {
    await connections.close();
    await lab.stop();
  });

  const asked = async (node = lab.node('pika1').address): Promise<ClientWitness> =>
    askProxies(cluster, (await cluster.router.view()).proxies, node);
  const nobody = { proxies: 2, reach: [] };

  it('say that they reach one that answers, also when it is cut off from whoever asks', async () => {
    lab.node('pika1').sever('127.0.0.11');
    const { proxies, reach } = await asked();
    expect(proxies).toBe(2);
    expect([...reach].sort()).toEqual([...lab.proxies].sort());
  });

  it('say nothing for one that is gone, at once', async () => {
    await lab.node('pika1').crash();
    const since = performance.now();
    expect(await asked()).toEqual(nobody);
    expect(performance.now() - since).toBeLessThan(200);
  });

  it('say nothing for one that is frozen, and are not waited for', async () => {
    lab.node('pika1').freeze();
    const since = performance.now();
    expect(await asked()).toEqual(nobody);
    expect(performance.now() - since).toBeLessThan(500);
  });

  it('say nothing for one that no slot is sent to', async () => {
    expect(await asked('127.0.0.1:9')).toEqual(nobody);
  });

  it('say nothing when they are dead or hang themselves, and the others count', async () => {
    await lab.sandbox.proxies.get('proxy1')?.apply('freeze');
    const { reach } = await asked();
    expect(reach).toEqual([lab.sandbox.proxies.get('proxy2')?.process.clientAddress]);
    await lab.sandbox.proxies.get('proxy2')?.apply('crash');
    expect(await asked()).toEqual(nobody);
  });
});
