import { type ClusterDefinition, DEFAULT_FAILOVER, type RouterView } from '@slotferry/cluster';
import { ClusterConnections, type OpenCluster } from '@slotferry/inventory';
import { PikaError } from '@slotferry/pika';
import { Redactor } from '@slotferry/platform';
import { measureWritten } from './measure-written';

/** A group for each address, and the owners of the slots 0, 1, 2 and so on of each table (null: offline). */
function viewOf(masters: readonly string[], ...tables: readonly (readonly (number | null)[])[]): RouterView {
  return {
    product: 'lab',
    routes: tables.flatMap((owners, table) =>
      owners.map((group, slot) => ({ table, slot, group, handover: null })),
    ),
    groups: masters.map((master, index) => ({
      id: index + 1,
      servers: master === '' ? [] : [master],
      promoting: false,
      outOfSync: false,
    })),
    proxies: [],
    handovers: { disabled: false, intervalMicros: 0, executing: 0, status: '' },
  };
}

/** Nodes that hold slots, all with their binlog in file 1 at the offset 500 and the slot's number; counts what they are asked. */
function clusterOf(held: Readonly<Record<string, readonly number[]>>): {
  cluster: OpenCluster;
  asked: string[];
} {
  const asked: string[] = [];
  const node = (address: string): object => ({
    slots: (slots: readonly number[] | undefined, table: number) => {
      asked.push(`${address} ${table} ${String(slots)}`);
      const list = held[`${address} ${table}`];
      if (!list) {
        const code = address === 'frozen:1' ? 'timed-out' : 'table-not-found';
        return Promise.reject(
          new PikaError({ code, node: address, command: null, message: 'no answer', remedy: 'Look.' }),
        );
      }
      return Promise.resolve(
        new Map(list.map((slot) => [slot, { table, slot, position: { file: 1, offset: 500 + slot } }])),
      );
    },
  });
  return { cluster: { node, definition: { name: 'lab' } } as unknown as OpenCluster, asked };
}

describe('measuring what was written', () => {
  it('asks each master once for each table, and counts whole binlog files', async () => {
    const { cluster, asked } = clusterOf({ 'a:1 0': [0, 1], 'a:1 1': [0], 'b:1 0': [2] });
    const sizes = await measureWritten(cluster, viewOf(['a:1', 'b:1'], [1, 1, 2, null], [1]));
    expect(sizes).toEqual(
      new Map([
        ['0/0', 104_858_100],
        ['0/1', 104_858_101],
        ['1/0', 104_858_100],
        ['0/2', 104_858_102],
      ]),
    );
    expect(asked.sort()).toEqual(['a:1 0 undefined', 'a:1 1 undefined', 'b:1 0 undefined']);
  });

  it('asks for one table where only that counts', async () => {
    const { cluster, asked } = clusterOf({ 'a:1 1': [0] });
    expect(await measureWritten(cluster, viewOf(['a:1', 'b:1'], [1, 2], [1]), 1)).toEqual(
      new Map([['1/0', 104_858_100]]),
    );
    expect(asked).toEqual(['a:1 1 undefined']);
  });

  it('names every master that does not tell, and what it lacks', async () => {
    const { cluster } = clusterOf({ 'a:1 0': [0] });
    const failure = measureWritten(cluster, viewOf(['a:1', 'frozen:1', ''], [1, 1, 1, 2, 3]));
    await expect(failure).rejects.toMatchObject({
      code: 'written-unknown',
      status: 502,
      message:
        'what was written to the slots is not known: the master of group 1, a:1, does not hold slots 1-2 of table 0, ' +
        'though the router sends clients there (and 2 more)',
      remedy: expect.stringContaining('slotferry cluster show --cluster lab'),
      problems: [
        { code: 'slot-not-found' },
        { code: 'timed-out', message: 'the master of group 2, frozen:1, does not tell: no answer' },
        { code: 'no-master', message: expect.stringContaining('group 3 has no server') },
      ],
    });
    await expect(measureWritten(cluster, viewOf(['frozen:1'], [1]))).rejects.toMatchObject({ status: 504 });
  });

  it('says so when nobody is there', async () => {
    const definition = {
      name: 'lab',
      router: {
        kind: 'codis',
        dashboard: 'http://127.0.0.1:1',
        product: 'lab',
        productAuth: null,
        proxies: [],
      },
      pika: { auth: null },
      failover: DEFAULT_FAILOVER,
      tables: [{ id: 0, slots: 1_024 }],
      groups: [],
    } as unknown as ClusterDefinition;
    const connections = new ClusterConnections(new Redactor());
    try {
      const cluster = connections.open(definition);
      await expect(measureWritten(cluster, viewOf(['127.0.0.1:1'], [1]))).rejects.toMatchObject({
        code: 'written-unknown',
        message: expect.stringContaining('the master of group 1, 127.0.0.1:1, does not tell'),
      });
    } finally {
      await connections.close();
    }
  });
});
