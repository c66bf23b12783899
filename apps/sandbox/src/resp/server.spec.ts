import { once } from 'node:events';
import { connect } from 'node:net';
import { RespConnection, RespServer, bulk, failure, integer, simple } from '.';

describe('a server and its clients', () => {
  const server = new RespServer((args) => {
    const [name, word] = args.map(String);
    if (name === 'slow') return new Promise((resolve) => setTimeout(() => resolve(simple('slow')), 20));
    if (name === 'boom') throw new Error('broken');
    return bulk(word ?? '');
  });
  let port: number;
  let client: RespConnection;

  beforeEach(async () => {
    ({ port } = await server.listen(0));
    client = await RespConnection.connect({ host: '127.0.0.1', port });
  });

  afterEach(async () => {
    client.close();
    await server.close();
  });

  it('keeps the order of pipelined commands, slow ones too', async () => {
    const replies = await Promise.all([
      client.send(['echo', 'a']),
      client.send(['slow']),
      client.send(['echo', Buffer.from('b')]),
    ]);
    expect(replies).toEqual([bulk('a'), simple('slow'), bulk('b')]);
  });

  it('answers an error when a handler fails', async () => {
    expect(await client.send(['boom'])).toEqual(failure('ERR broken'));
  });

  it('passes raw bytes through', async () => {
    expect((await client.sendRaw(Buffer.from('*2\r\n$4\r\necho\r\n$2\r\nhi\r\n'))).toString()).toBe(
      '$2\r\nhi\r\n',
    );
  });

  it('rejects what waits when the connection is cut, and says so by an event', async () => {
    const closed = new Promise<void>((resolve) => client.once('close', resolve));
    const waiting = client.send(['slow']);
    await client.send(['x']).catch(() => undefined);
    const second = client.send(['slow']);
    await expect(waiting).resolves.toEqual(simple('slow'));
    server.cut();
    await expect(second).rejects.toMatchObject({ code: 'RESP_CLOSED' });
    await closed;
    await expect(client.send(['echo'])).rejects.toMatchObject({ code: 'RESP_CLOSED' });
  });

  it('answers nothing while frozen, and everything once thawed', async () => {
    await client.send(['echo', 'a']);
    server.freeze();
    const other = await RespConnection.connect({ host: '127.0.0.1', port });
    const answered: string[] = [];
    const both = [client, other].map((one, index) =>
      one.send(['echo', `${index}`]).then(() => answered.push(`${index}`)),
    );
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(answered).toEqual([]);
    server.thaw();
    await Promise.all(both);
    expect(answered.sort()).toEqual(['0', '1']);
    other.close();
  });

  it('hears nothing from a host it is cut off from, and all of it afterwards, whoever froze meanwhile', async () => {
    const elsewhere = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.9' });
    await once(elsewhere, 'connect');
    let heard = '';
    elsewhere.on('data', (chunk) => (heard += String(chunk)));
    server.sever('127.0.0.9');
    server.freeze();
    elsewhere.write('*2\r\n$4\r\necho\r\n$2\r\nhi\r\n');
    server.thaw();
    expect(await client.send(['echo', 'a'])).toEqual(bulk('a'));
    expect(heard).toBe('');
    server.restore('127.0.0.9');
    await once(elsewhere, 'data');
    expect(heard).toBe('$2\r\nhi\r\n');
    elsewhere.destroy();
  });

  it('gives up on a server that does not answer within the limit', async () => {
    server.freeze();
    const hasty = await RespConnection.connect({ host: '127.0.0.1', port, commandTimeoutMs: 30 });
    await expect(hasty.send(['echo', 'a'])).rejects.toMatchObject({ code: 'RESP_TIMEOUT' });
    server.thaw();
  });

  it('takes the same port again after it was closed', async () => {
    await server.close();
    await expect(RespConnection.connect({ host: '127.0.0.1', port })).rejects.toMatchObject({
      code: 'RESP_CONNECT',
    });
    expect(await server.listen(0)).toMatchObject({ port });
  });

  it('serves many commands in one go', async () => {
    const replies = await Promise.all(
      Array.from({ length: 20_000 }, (_, i) => client.send(['echo', `${i}`])),
    );
    expect(replies.at(-1)).toEqual(bulk('19999'));
    expect(integer(replies.length)).toEqual(integer(20_000));
  });
});
