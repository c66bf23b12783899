import { PikaCluster } from '../testing/pika-cluster';

// Slot 579 is the slot of key "a".
const SLOT = 579;
const INFO = `pkcluster info slot ${SLOT}`;

describe('replication of a slot', () => {
  let cluster: PikaCluster;

  const start = async (options: Parameters<typeof PikaCluster.start>[0] = {}): Promise<void> => {
    cluster = await PikaCluster.start(options);
    for (let number = 1; number <= cluster.nodes.length; number += 1) {
      await cluster.ask(number, `pkcluster addslots ${SLOT}`);
    }
  };

  afterEach(() => cluster.stop());

  it('acknowledges a write first and sends it a moment later', async () => {
    await start();
    await cluster.attach(2, 1, SLOT);
    cluster.node(1).holdsReplication = true;
    await cluster.ask(1, 'set a base');
    expect(await cluster.ask(1, INFO)).toContain('lag: 72');
    expect(await cluster.ask(2, 'get a')).toBe('(nil)');
    cluster.node(1).holdsReplication = false;
    await cluster.until(2, 'get a', 'base');
    expect(await cluster.ask(1, INFO)).toContain('lag: 0');
  });

  it('carries every type of data, expiry, and commands on many keys', async () => {
    await start();
    await cluster.ask(1, `pkcluster addslots 771`);
    await cluster.attach(2, 1, SLOT);
    for (const line of [
      'mset a 1 probe:1 x',
      'set {a}e v ex 100',
      'setex {a}f 100 v',
      'expire a 50',
      'hset {a}h f 1',
      'rpush {a}l 1 2 3',
      'sadd {a}s x y z',
      'spop {a}s',
      'zadd {a}z 1.5 m',
      'incrbyfloat {a}n 0.5',
      'setnx {a}nx 1',
      'setnx {a}nx 2',
    ]) {
      expect(await cluster.ask(1, line)).not.toContain('ERR');
    }
    const position = /binlog_offset=(\d+ \d+)/.exec(await cluster.ask(1, INFO))?.[1] ?? 'none';
    await cluster.until(2, INFO, `binlog_offset=${position},`);
    for (const line of [
      'get a',
      'ttl a',
      'ttl {a}e',
      'hgetall {a}h',
      'lrange {a}l 0 -1',
      'smembers {a}s',
      'get {a}n',
    ]) {
      expect(await cluster.ask(2, line)).toBe(await cluster.ask(1, line));
    }
    expect(cluster.node(2).findSlot({ table: 0, slot: SLOT })?.data.keys(Date.now())).not.toContain(
      'probe:1',
    );
  });

  it('is bounded by the bandwidth of the link', async () => {
    await start({ nodes: 2 });
    await cluster.attach(2, 1, SLOT);
    cluster.network.link(cluster.node(1).address, cluster.node(2).address).slow(1, 20_000);
    const begin = performance.now();
    await Promise.all(Array.from({ length: 100 }, (_, i) => cluster.ask(1, `set {a}${i} ${'x'.repeat(60)}`)));
    await cluster.until(1, INFO, 'lag: 0');
    expect(performance.now() - begin).toBeGreaterThan(200);
  });

  it('a purged binlog leads to a full copy', async () => {
    await start({ nodes: 2, binlog: { fileSize: 104_857_600, keptEntries: 10 } });
    for (let index = 0; index < 30; index += 1) await cluster.ask(1, `set {a}${index} v`);
    await cluster.attach(2, 1, SLOT);
    expect(cluster.node(1).counters.copiesServed).toBe(1);
    expect(await cluster.ask(2, 'get {a}0')).toBe('v');
  });

  it('full copies into one node run one after the other', async () => {
    await start({ nodes: 2 });
    await cluster.ask(1, 'pkcluster addslots 1-4');
    await cluster.ask(2, 'pkcluster addslots 1-4');
    cluster.costs.speed = 50;
    const { host, port } = cluster.node(1);
    await cluster.ask(2, `pkcluster slotsslaveof ${host} ${port} 1-4 force`);
    await cluster.until(1, 'pkcluster info slot 4', 'SlaveBinlogSync');
    expect(cluster.node(1).counters).toMatchObject({ copiesServed: 4, mostCopiesUnderWay: 1 });
    expect(cluster.node(2).counters).toMatchObject({ mostCopiesAskedFor: 4, mostSlotsInOneChange: 4 });
  });

  it('a force for a slot that the master does not hold kills the master', async () => {
    await start();
    await cluster.ask(2, 'pkcluster addslots 1');
    const { host, port } = cluster.node(1);
    expect(await cluster.ask(2, `pkcluster slotsslaveof ${host} ${port} 1 force`)).toBe('OK');
    await expect(cluster.until(1, 'ping', 'never')).rejects.toThrow();
    expect(cluster.node(1).condition).toBe('down');
  });

  it('different passwords: a full copy never comes, following from the position works', async () => {
    await start({ nodes: 2 });
    await cluster.attach(2, 1, SLOT);
    await cluster.ask(2, `pkcluster slotsslaveof no one ${SLOT}`);
    await cluster.until(1, INFO, 'connected_slaves: 0');
    Object.assign(cluster.node(1), { password: 'other' });
    const { host, port } = cluster.node(1);
    await cluster.ask(2, `pkcluster slotsslaveof ${host} ${port} ${SLOT} force`);
    await cluster.until(2, INFO, 'kWaitDBSync');
    expect(cluster.node(1).counters.copiesServed).toBe(0);
  });

  it('a slot already detached stays so when the new master cannot be reached', async () => {
    await start();
    await cluster.attach(2, 1, SLOT);
    const { host, port } = cluster.node(3);
    await cluster.node(3).crash();
    expect(await cluster.ask(2, `pkcluster slotsslaveof ${host} ${port} ${SLOT}`)).toContain(
      'connect remote node',
    );
    expect(await cluster.ask(2, 'set a writable')).toBe('OK');
  });

  it('localhost passes the check against following itself', async () => {
    await start({ nodes: 1 });
    await cluster.ask(1, `pkcluster slotsslaveof localhost ${cluster.node(1).port} ${SLOT}`);
    await cluster.until(1, INFO, 'kConnected');
    expect(await cluster.ask(1, 'set a 1')).toBe('ERR Server in read-only');
  });
});
