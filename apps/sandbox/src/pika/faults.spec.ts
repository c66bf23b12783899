import { setTimeout as sleep } from 'node:timers/promises';
import { PikaClient, PikaCluster } from './testing/pika-cluster';

const SLOT = 579;
const INFO = `pkcluster info slot ${SLOT}`;
const PEER_TIMEOUT_MS = 200;

describe('faults of nodes', () => {
  let cluster: PikaCluster;

  beforeEach(async () => {
    cluster = await PikaCluster.start({ peerTimeoutMs: PEER_TIMEOUT_MS });
    for (const number of [1, 2, 3]) await cluster.ask(number, `pkcluster addslots ${SLOT}`);
    await cluster.attach(2, 1, SLOT);
    await cluster.ask(1, 'set a base');
    await cluster.until(2, 'get a', 'base');
  });

  afterEach(() => cluster.stop());

  it('a dead master: its slave says kConnected for a while, then waits for a reply for ever', async () => {
    await cluster.node(1).crash();
    await expect(cluster.ask(1, 'ping')).rejects.toMatchObject({ code: /RESP_(CLOSED|CONNECT)/ });
    expect(await cluster.ask(2, INFO)).toContain('kConnected');
    await cluster.until(2, INFO, 'kWaitReply');
    await cluster.restart(1);
    await sleep(2 * PEER_TIMEOUT_MS);
    expect(await cluster.ask(2, INFO)).toContain('kWaitReply');
    await cluster.attach(2, 1, SLOT);
  });

  it('a master that comes back in time is followed again by itself', async () => {
    await cluster.restart(1);
    expect(await cluster.ask(1, INFO)).toContain('connected_slaves: 0');
    await cluster.until(1, INFO, 'SlaveBinlogSync');
    await cluster.ask(1, 'set a again');
    await cluster.until(2, 'get a', 'again');
  });

  it('a restarted slave is a writable master with its data, and a ghost at its old master', async () => {
    await cluster.restart(2);
    expect(await cluster.ask(2, INFO)).toContain('binlog_offset=0 72,');
    expect(await cluster.ask(2, 'get a')).toBe('base');
    expect(await cluster.ask(1, INFO)).toContain('connected_slaves: 1');
    expect(await cluster.ask(1, `pkcluster delslots ${SLOT}`)).toContain('in syncing');
    await cluster.until(1, INFO, 'connected_slaves: 0');
    expect(await cluster.ask(2, 'set a mine')).toBe('OK');
  });

  it('a frozen slave takes connections, gets nothing, and vanishes from its master', async () => {
    cluster.node(2).freeze();
    let isAnswered = false;
    const ping = cluster.ask(2, 'ping').then(() => (isAnswered = true));
    await cluster.ask(1, 'set a missed');
    expect(await cluster.ask(1, INFO)).toMatch(/lag: [1-9]/);
    await cluster.until(1, INFO, 'connected_slaves: 0');
    expect(isAnswered).toBe(false);
    cluster.node(2).thaw();
    await ping;
    await cluster.until(2, 'get a', 'missed');
  });

  it('what was sent to a frozen node that then dies is never done', async () => {
    await cluster.ask(3, 'set a before');
    cluster.node(3).freeze();
    const lost = cluster.ask(3, 'set a after');
    await sleep(20);
    await cluster.node(3).crash();
    await expect(lost).rejects.toMatchObject({ code: 'RESP_CLOSED' });
    await cluster.restart(3);
    expect(await cluster.ask(3, 'get a')).toBe('before');
  });

  it('a cut link parts two nodes that both serve clients', async () => {
    const link = cluster.network.link(cluster.node(1).address, cluster.node(2).address);
    link.sever();
    await cluster.ask(1, 'set a apart');
    await cluster.until(1, INFO, 'connected_slaves: 0');
    await cluster.until(2, INFO, 'kWaitReply');
    expect(await cluster.ask(2, 'get a')).toBe('base');
    link.restore();
    await cluster.attach(2, 1, SLOT);
    await cluster.until(2, 'get a', 'apart');
  });

  it('a full disk: writes fail, reads go on, a slave falls behind', async () => {
    cluster.node(2).isDiskFull = true;
    await cluster.ask(1, 'set a more');
    expect(await cluster.ask(1, INFO)).toMatch(/lag: [1-9]/);
    cluster.node(1).isDiskFull = true;
    expect(await cluster.ask(1, 'set a 1')).toContain('No space left on device');
    expect(await cluster.ask(1, 'get a')).toBe('more');
    cluster.node(2).isDiskFull = false;
    await cluster.until(2, 'get a', 'more');
  });
});

describe('creating slots', () => {
  it('holds data commands up, not PING, and lets no second change in', async () => {
    const cluster = await PikaCluster.start({ nodes: 2 });
    await cluster.ask(1, 'pkcluster addslots 579');
    cluster.costs.speed = 'real';
    const begin = performance.now();
    const order: string[] = [];
    const adding = cluster.ask(1, 'pkcluster addslots 1-3').then(() => order.push('addslots'));
    const other = await PikaClient.connect(cluster);
    const writing = other.ask('set a 1').then(() => order.push('set'));
    const third = await PikaClient.connect(cluster);
    expect(await third.ask('ping')).toBe('PONG');
    expect(await third.ask('pkcluster addslots 9')).toContain('retry later');
    expect(await third.ask('pkcluster slotsslaveof no one 579')).toContain('retry later');
    expect(order).toEqual([]);
    await Promise.all([adding, writing]);
    expect(performance.now() - begin).toBeGreaterThan(200);
    other.close();
    third.close();
    await cluster.stop();
  });
});

describe('a password', () => {
  it('is asked of every client', async () => {
    const cluster = await PikaCluster.start({ nodes: 1, password: 'secret' });
    expect(await cluster.ask(1, 'ping')).toBe('NOAUTH Authentication required.');
    expect(await cluster.ask(1, 'auth wrong')).toBe('ERR invalid password');
    expect(await cluster.ask(1, 'auth secret')).toBe('OK');
    expect(await cluster.ask(1, 'ping')).toBe('PONG');
    await cluster.stop();
  });
});
