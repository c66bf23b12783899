import type { ClusterDefinition } from '@slotferry/cluster';
import { ClusterConnections, type OpenCluster } from './cluster-connections';
import { ClusterRegistry, type RegisteredCluster } from './cluster-registry';
import { ClusterSource } from './cluster-source';
import { ClusterNotFound } from './inventory.errors';

/** A registry that knows the cluster `lab`, and how often it was asked. */
class Known extends ClusterRegistry {
  asked = 0;

  constructor() {
    super({} as never, 'test');
  }

  override async get(name: string): Promise<RegisteredCluster> {
    this.asked += 1;
    await Promise.resolve();
    if (name !== 'lab') throw new ClusterNotFound(name, ['lab']);
    return { definition: { name } as ClusterDefinition, version: this.asked, savedAt: '', savedBy: '' };
  }
}

class Connections extends ClusterConnections {
  override open(definition: ClusterDefinition): OpenCluster {
    return { definition } as OpenCluster;
  }
}

describe('where phases get clusters from', () => {
  it('asks once for all who ask at the same time, and anew for who comes later', async () => {
    const registry = new Known();
    const source = new ClusterSource(registry, new Connections({} as never));
    const [one, other] = await Promise.all([source.open('lab'), source.open('lab')]);
    expect(one).toBe(other);
    expect(registry.asked).toBe(1);
    await source.open('lab');
    expect(registry.asked).toBe(2);
  });

  it('tells of a cluster that nobody knows those alone who asked for it', async () => {
    const source = new ClusterSource(new Known(), new Connections({} as never));
    const [known, unknown] = await Promise.allSettled([source.open('lab'), source.open('moon')]);
    expect(known).toMatchObject({ status: 'fulfilled', value: { definition: { name: 'lab' } } });
    expect(unknown).toMatchObject({ status: 'rejected', reason: { code: 'cluster-not-found' } });
  });
});
