import { PikaCluster } from '../testing/pika-cluster';

describe('where Pika differs from Redis', () => {
  let cluster: PikaCluster;

  beforeAll(async () => {
    cluster = await PikaCluster.start({ nodes: 1 });
    await cluster.ask(1, 'pkcluster addslots 0-1023');
  });

  afterAll(() => cluster.stop());

  it('one key may hold values of several types', async () => {
    await cluster.ask(1, 'set k v');
    expect(await cluster.ask(1, 'hset k f 1')).toBe('1');
    expect(await cluster.ask(1, 'lpush k x')).toBe('1');
    expect(await cluster.ask(1, 'type k')).toBe('string');
    expect(await cluster.ask(1, 'exists k')).toBe('3');
    expect(await cluster.ask(1, 'del k')).toBe('1');
    expect(await cluster.ask(1, 'hgetall k')).toBe('');
  });

  it('HSET takes one field', async () => {
    expect(await cluster.ask(1, 'hset h a 1 b 2')).toContain('wrong number of arguments');
  });

  it('a refused SET answers a null array', async () => {
    await cluster.ask(1, 'set k v');
    expect(await cluster.send(1, ['set', 'k', 'w', 'nx'])).toEqual({ type: 'array', items: null });
  });

  it('times to live end at whole seconds', async () => {
    await cluster.ask(1, 'set e v px 2500');
    expect(['1', '2']).toContain(await cluster.ask(1, 'ttl e'));
    await cluster.ask(1, 'expireat e 1');
    expect(await cluster.ask(1, 'get e')).toBe('(nil)');
    expect(await cluster.ask(1, 'ttl e')).toBe('-2');
  });

  it('keys are counted when somebody asks for it, and the answer comes with the next question', async () => {
    await cluster.ask(1, 'set {tag}1 v');
    expect(await cluster.ask(1, 'dbsize')).toBe('0');
    await cluster.ask(1, 'info keyspace 1');
    await cluster.until(1, 'info keyspace', 'Hashes_keys=0');
    await cluster.until(1, 'dbsize', '2');
    expect(await cluster.ask(1, 'slotsinfo')).toContain(',899,1,900,');
  });

  it('SLOTSSCAN walks through a slot page by page', async () => {
    for (let index = 0; index < 25; index += 1) await cluster.ask(1, `set {scan}${index} v`);
    const slot = await cluster.ask(1, 'slotshashkey {scan}');
    const found: string[] = [];
    let cursor = '0';
    do {
      const [next, ...keys] = (await cluster.ask(1, `slotsscan ${slot} ${cursor} count 7`)).split(',');
      found.push(...keys);
      cursor = next ?? '0';
    } while (cursor !== '0');
    expect(new Set(found).size).toBe(25);
    expect(await cluster.ask(1, `slotsscan ${slot} 0 match *24 count 100`)).toBe('0,{scan}24');
    expect(await cluster.ask(1, `slotsdel ${slot}`)).toBe(`${slot},0`);
    expect(await cluster.ask(1, `slotsscan ${slot} 0 count 100`)).toBe('0,');
  });

  it('any bytes are stored as they are', async () => {
    const key = Buffer.from([0, 255, 13, 10, 128]);
    const value = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    await cluster.send(1, ['set', key, value]);
    expect(await cluster.send(1, ['get', key])).toEqual({ type: 'bulk', data: value });
    await cluster.send(1, ['sadd', 'bytes', value]);
    expect(await cluster.send(1, ['smembers', 'bytes'])).toMatchObject({ items: [{ data: value }] });
  });
});
