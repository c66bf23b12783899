import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { PikaError } from './pika.errors';
import { PikaNode, type PikaNodeOptions } from './pika-node';
import { ScriptedNode, type Script } from './testing/scripted-node';

const open: { stop(): Promise<void> }[] = [];
const ok = (_: string[], socket: Socket): void => void socket.write('+OK\r\n');

async function serve(script: Script): Promise<ScriptedNode> {
  const node = await ScriptedNode.start(script);
  open.push(node);
  return node;
}

function client(address: string, options: Omit<PikaNodeOptions, 'address'> = {}): PikaNode {
  const pika = new PikaNode({ address, ...options });
  open.push({ stop: () => pika.close() });
  return pika;
}

async function failure(work: Promise<unknown>): Promise<PikaError> {
  const error = await work.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof PikaError)) throw error;
  return error;
}

afterEach(async () => {
  for (const item of open.splice(0).reverse()) await item.stop();
});

describe('the gate of a change', () => {
  it('stops the change when it throws: nothing is on the wire', async () => {
    const server = await serve(ok);
    const lost = new Error('the lease is lost');
    const pika = client(server.address);
    const gate = (): never => {
      throw lost;
    };
    await expect(pika.detach([1], 0, gate)).rejects.toBe(lost);
    await expect(pika.raw(['SET', 'a', '1'], { gate })).rejects.toBe(lost);
    await pika.detach([2]);
    expect(server.lines).toEqual(['PKCLUSTER SLOTSSLAVEOF no one 2']);
  });

  it('is asked after the connection is up, with nothing but the command left to send', async () => {
    const server = await serve(ok);
    const sentAtGate: string[][] = [];
    await client(server.address, { password: 'right' }).addSlots([1], 0, () => sentAtGate.push(server.lines));
    expect(sentAtGate).toEqual([['AUTH right']]);
    expect(server.lines).toEqual(['AUTH right', 'PKCLUSTER ADDSLOTS 1']);
  });

  it('is not asked when there is no connection', async () => {
    const server = await serve(ok);
    await server.stop();
    const gate = jest.fn();
    const error = await failure(client(server.address).deleteSlots([1], 0, gate));
    expect(error).toMatchObject({ code: 'unreachable', outcomeUnknown: false });
    expect(gate).not.toHaveBeenCalled();
  });
});

describe('what a change sends', () => {
  it('names tables other than 0 only', async () => {
    const server = await serve((request, socket) =>
      socket.write(request[0] === 'INFO' ? infoServer('3.4.1') : '+OK\r\n'),
    );
    const pika = client(server.address);
    await pika.addSlots([3, 1, 2]);
    await pika.deleteSlots([1], 2);
    await pika.attach({ master: '10.0.0.1:9221', slots: [7, 9] });
    await pika.attachWithFullCopy({ master: '10.0.0.1:9221', slots: [7], table: 2 });
    await pika.detach([7], 2);
    await pika.addTable(3, 16);
    expect(server.lines.filter((line) => !line.startsWith('INFO'))).toEqual([
      'PKCLUSTER ADDSLOTS 1-3',
      'PKCLUSTER DELSLOTS 1 2',
      'PKCLUSTER SLOTSSLAVEOF 10.0.0.1 9221 7,9',
      'PKCLUSTER SLOTSSLAVEOF 10.0.0.1 9221 7 force 2',
      'PKCLUSTER SLOTSSLAVEOF no one 7 2',
      'PKCLUSTER ADDTABLE 3 16',
    ]);
  });

  it('is refused for other tables on 3.2.9, before anything is sent', async () => {
    const server = await serve((_, socket) => socket.write(infoServer('3.2.9')));
    const pika = client(server.address);
    expect(await failure(pika.addSlots([1], 1))).toMatchObject({
      code: 'unsupported',
      outcomeUnknown: false,
    });
    expect(await failure(pika.slots([1], 1))).toMatchObject({ code: 'unsupported' });
    expect(server.lines).toEqual(['INFO server']);
  });

  it.each([
    [
      'localhost as a master',
      (pika: PikaNode) => pika.attach({ master: 'localhost:9221', slots: [1] }),
      'syntax',
    ],
    [
      'itself as a master',
      (pika: PikaNode) => pika.attach({ master: pika.address, slots: [1] }),
      'self-attach',
    ],
    ['no slots', (pika: PikaNode) => pika.addSlots([]), 'syntax'],
    ['half a slot', (pika: PikaNode) => pika.addSlots([0.5]), 'out-of-range'],
    ['a table below 0', (pika: PikaNode) => pika.detach([1], -1), 'out-of-range'],
  ])('is refused for %s without asking the node', async (_, change, code) => {
    const server = await serve(ok);
    expect(await failure(change(client(server.address)))).toMatchObject({ code });
    expect(server.sockets).toHaveLength(0);
  });

  it('never waits behind a slow change, neither here nor at the node', async () => {
    const server = await serve((request, socket) => {
      if (request[1] !== 'ADDSLOTS') socket.write('+OK\r\n');
    });
    const pika = client(server.address);
    const slow = failure(pika.addSlots([1]));
    await server.received(1);
    await pika.detach([2]);
    expect(server.sockets).toHaveLength(2);
    await pika.close();
    expect(await slow).toMatchObject({ code: 'closed', outcomeUnknown: true });
  });

  it('finds its connection open when it was prepared', async () => {
    const server = await serve(ok);
    const pika = client(server.address);
    await pika.prepare();
    await server.accepted(2);
    await pika.detach([1]);
    await pika.detach([2]);
    expect(server.sockets).toHaveLength(2);
  });
});

describe('a reply that does not come', () => {
  it('ends the call and the connection; the late reply is taken for nobody', async () => {
    const server = await serve(() => undefined);
    const pika = client(server.address, { commandTimeoutMs: 50 });
    const error = await failure(pika.raw(['GET', 'a']));
    expect(error).toMatchObject({ code: 'timed-out', command: 'GET', outcomeUnknown: true });
    const [late] = server.sockets;
    server.script = (_, socket) => {
      late?.write('$4\r\nlate\r\n');
      socket.write('$5\r\nfresh\r\n');
    };
    expect(await pika.raw(['GET', 'b'])).toBe('fresh');
    expect(server.sockets).toHaveLength(2);
  });

  it('leaves the outcome of a change unknown, and of a read not', async () => {
    const server = await serve(() => undefined);
    const pika = client(server.address, { commandTimeoutMs: 30 });
    expect(await failure(pika.detach([1]))).toMatchObject({ code: 'timed-out', outcomeUnknown: true });
    expect(await failure(pika.ping())).toMatchObject({ code: 'timed-out', outcomeUnknown: false });
  });

  it('is waited for longer when slots are created or deleted', async () => {
    const server = await serve(() => undefined);
    const error = await failure(client(server.address, { commandTimeoutMs: 20 }).addSlots([1]));
    expect(error.message).toContain('520 ms');
  });
});

describe('a connection that breaks', () => {
  it('after the change was sent leaves the outcome unknown; the next call connects anew', async () => {
    const server = await serve((_, socket) => socket.resetAndDestroy());
    const pika = client(server.address);
    expect(await failure(pika.detach([1]))).toMatchObject({ code: 'unreachable', outcomeUnknown: true });
    server.script = ok;
    await pika.detach([1]);
    expect(server.sockets).toHaveLength(2);
  });

  it('in the middle of a reply is no reply', async () => {
    const server = await serve((_, socket) => socket.end('$100\r\n(db0:1) bin'));
    expect(await failure(client(server.address).slot(1))).toMatchObject({
      code: 'unreachable',
      command: 'PKCLUSTER INFO SLOT 1',
      outcomeUnknown: false,
    });
  });

  it('while idle is noticed, and the version asked again', async () => {
    let version = '3.4.1';
    const server = await serve((request, socket) =>
      socket.write(request[0] === 'INFO' ? infoServer(version) : '$2\r\n\r\n\r\n'),
    );
    const pika = client(server.address);
    await pika.slots([1, 2]);
    await pika.slots([1, 2]);
    version = '3.2.9';
    const [first] = server.sockets;
    const gone = new Promise((resolve) => first?.once('close', resolve));
    first?.end();
    await gone;
    await pika.slots([1, 2]);
    expect(server.lines).toEqual([
      'INFO server',
      'PKCLUSTER INFO SLOT 1-2',
      'PKCLUSTER INFO SLOT 1-2',
      'INFO server',
      'PKCLUSTER INFO SLOT 1',
      'PKCLUSTER INFO SLOT 2',
    ]);
  });
});

describe('getting a connection', () => {
  it('says that nobody listens', async () => {
    const server = await serve(ok);
    await server.stop();
    const error = await failure(client(server.address).ping());
    expect(error).toMatchObject({ code: 'unreachable', node: server.address, command: null });
    expect(error.message).toContain('ECONNREFUSED');
  });

  it('begins at the address of this machine that is wished for', async () => {
    const server = await serve((_, socket) => void socket.write('+PONG\r\n'));
    await client(server.address, { sourceAddress: '127.0.0.9' }).ping();
    expect(server.sockets.map(({ remoteAddress }) => remoteAddress)).toEqual(['127.0.0.9']);
    await server.stop();
    const error = await failure(client(server.address, { sourceAddress: '127.0.0.9' }).ping());
    expect(error).toMatchObject({ code: 'unreachable', message: expect.stringContaining('ECONNREFUSED') });
  });

  it('says that the host does not exist', async () => {
    const error = await failure(client('no-such-host.invalid:9221', { connectTimeoutMs: 5_000 }).ping());
    expect(error.code).toBe('unreachable');
  });

  it('has a limit of its own, even where a machine accepts nothing and refuses nothing', async () => {
    const { address, fill } = await freeze();
    await fill();
    const error = await failure(client(address, { connectTimeoutMs: 100 }).detach([1]));
    expect(error).toMatchObject({ code: 'timed-out', command: null, outcomeUnknown: false });
  });

  it('succeeds with a frozen process, which then answers nothing', async () => {
    const { address } = await freeze();
    const error = await failure(client(address, { commandTimeoutMs: 100 }).ping());
    expect(error).toMatchObject({ code: 'timed-out', command: 'PING' });
  });

  it('is one attempt for all who ask at the same time', async () => {
    const server = await serve((_, socket) => socket.write('+PONG\r\n'));
    const pika = client(server.address);
    await Promise.all([pika.ping(), pika.ping(), pika.ping()]);
    expect(server.sockets).toHaveLength(1);
  });

  it('refuses what is no address', () => {
    expect(() => new PikaNode({ address: 'pika' })).toThrow(expect.objectContaining({ code: 'syntax' }));
  });
});

describe('the password', () => {
  const guarded: Script = ([name, password], socket) => {
    if (name !== 'AUTH') socket.write('+PONG\r\n');
    else socket.write(password === 'right' ? '+OK\r\n' : '-ERR invalid password\r\n');
  };

  it('is the first thing sent, once a connection', async () => {
    const server = await serve(guarded);
    const pika = client(server.address, { password: 'right' });
    await pika.ping();
    await pika.ping();
    expect(server.lines).toEqual(['AUTH right', 'PING', 'PING']);
  });

  it('is not in the error when it is wrong', async () => {
    const server = await serve(guarded);
    const error = await failure(client(server.address, { password: 'hunter2' }).ping());
    expect(error).toMatchObject({ code: 'auth-failed', command: 'AUTH' });
    expect(`${error.stack}${error.remedy}${JSON.stringify(error)}${String(error.cause)}`).not.toContain(
      'hunter2',
    );
    expect(server.lines).toEqual(['AUTH hunter2']);
  });

  it('may be configured for a node that has none', async () => {
    const server = await serve(([name], socket) => {
      socket.write(name === 'AUTH' ? '-ERR Client sent AUTH, but no password is set\r\n' : '+PONG\r\n');
    });
    await client(server.address, { password: 'right' }).ping();
    expect(server.lines).toEqual(['AUTH right', 'PING']);
  });

  it('is asked for when it is missing', async () => {
    const server = await serve((_, socket) => socket.write('-ERR NOAUTH Authentication required.\r\n'));
    expect(await failure(client(server.address).ping())).toMatchObject({ code: 'auth-required' });
  });
});

describe('replies of another form', () => {
  it('to a change leave its outcome unknown', async () => {
    const server = await serve((_, socket) => socket.write('+QUEUED\r\n'));
    expect(await failure(client(server.address).detach([1]))).toMatchObject({
      code: 'unexpected-reply',
      outcomeUnknown: true,
    });
  });

  it('are told from those of a server that does not speak the protocol', async () => {
    const server = await serve((_, socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(await failure(client(server.address).ping())).toMatchObject({ code: 'unexpected-reply' });
  });
});

describe('a closed client', () => {
  it('connects no more', async () => {
    const server = await serve(ok);
    const pika = client(server.address);
    await pika.close();
    expect(await failure(pika.ping())).toMatchObject({ code: 'closed', outcomeUnknown: false });
    expect(await failure(pika.detach([1]))).toMatchObject({ code: 'closed', outcomeUnknown: false });
    expect(server.sockets).toHaveLength(0);
  });

  it('gives up a connection it was just opening', async () => {
    const server = await serve(ok);
    const pika = client(server.address);
    const asking = failure(pika.ping());
    await pika.close();
    expect(await asking).toMatchObject({ code: 'closed', outcomeUnknown: false });
  });
});

/** A server whose thread has stopped: the system completes connections for it until its queue is full. */
async function freeze(): Promise<{ address: string; fill: () => Promise<void> }> {
  const worker = new Worker(
    `const { parentPort } = require('node:worker_threads');
     const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
       parentPort.postMessage(server.address().port);
       Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
     });`,
    { eval: true },
  );
  open.push({ stop: async () => void (await worker.terminate()) });
  const [port] = (await once(worker, 'message')) as [number];
  const fill = async (): Promise<void> => {
    for (let waiting = 0; waiting < 2; waiting++) {
      const socket = connect(port, '127.0.0.1');
      open.push({ stop: async () => void socket.destroy() });
      await once(socket, 'connect');
    }
  };
  return { address: `127.0.0.1:${port}`, fill };
}

function infoServer(version: string): string {
  const text = `# Server\r\npika_version:${version}\r\nprocess_id:1\r\ntcp_port:9221\r\nuptime_in_seconds:5\r\n\r\n`;
  return `$${text.length}\r\n${text}\r\n`;
}
