import { type ServerResponse } from 'node:http';

import { CodisDashboard } from './codis-dashboard';
import { CodisError } from './codis.errors';
import { type AnsweringServer, answerWith, handleSockets, replay } from './testing/answering-server';
import { recordedBody, recordedCase } from './testing/recorded-cases';

const SLOT = { table: 0, slot: 5 };
const open: { close(): Promise<void> }[] = [];
const keep = <T extends { close(): Promise<void> }>(one: T): T => {
  open.unshift(one);
  return one;
};
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

function dashboardAt(url: string, limitMs = 1_000): CodisDashboard {
  const limits = {
    connectTimeoutMs: limitMs,
    readTimeoutMs: limitMs,
    changeTimeoutMs: limitMs,
    proxyTimeoutMs: limitMs,
  };
  return keep(new CodisDashboard({ url, product: 'codis-lab', ...limits }));
}

async function errorOf(promise: Promise<unknown>): Promise<CodisError> {
  const error: unknown = await promise.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (error instanceof CodisError) return error;
  throw error;
}

const okServer = async (): Promise<AnsweringServer> =>
  keep(await answerWith((_request, response) => void response.end('"OK"')));
const refusedUrl = async (): Promise<string> => {
  const server = await answerWith(() => undefined);
  await server.close();
  return server.url;
};

describe('the gate of a change', () => {
  it('opens once the connection stands, right before the request is written', async () => {
    const server = await okServer();
    const seenAtGate: number[] = [];
    await dashboardAt(server.url).createGroup(3, () =>
      seenAtGate.push(server.connections(), server.seen.length),
    );
    expect(seenAtGate).toEqual([1, 0]);
    expect(server.seen).toHaveLength(1);
  });

  it('that throws stops the change: nothing is sent, its error is handed on', async () => {
    const server = await okServer();
    const dashboard = dashboardAt(server.url);
    await dashboard.ping().catch(() => undefined);
    const before = server.seen.length;
    const lost = new Error('the lease is lost');
    for (const change of [
      () =>
        dashboard.queueHandover(SLOT, 1, () => {
          throw lost;
        }),
      () =>
        dashboard.assign([SLOT], 1, () => {
          throw lost;
        }),
    ])
      await expect(change()).rejects.toBe(lost);
    expect(server.seen).toHaveLength(before);
    await dashboard.createGroup(1);
    expect(server.seen).toHaveLength(before + 1);
  });

  it('is not asked when the dashboard cannot be reached', async () => {
    const gate = jest.fn();
    const error = await errorOf(dashboardAt(await refusedUrl()).createGroup(1, gate));
    expect(error).toMatchObject({ code: 'unreachable', outcomeUnknown: false });
    expect(gate).not.toHaveBeenCalled();
  });
});

describe('a dashboard that does not answer well', () => {
  it('accepts and says nothing', async () => {
    const server = keep(await handleSockets(() => undefined));
    expect(await errorOf(dashboardAt(server.url, 30).view())).toMatchObject({
      code: 'timed-out',
      outcomeUnknown: false,
    });
    expect(await errorOf(dashboardAt(server.url, 30).createGroup(1))).toMatchObject({
      code: 'timed-out',
      outcomeUnknown: true,
    });
  });

  it('stops in the middle of its answer', async () => {
    const server = keep(
      await handleSockets((socket) => {
        socket.once('data', () => {
          socket.end('HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n{"closed": false');
        });
      }),
    );
    expect(await errorOf(dashboardAt(server.url).view())).toMatchObject({
      code: 'connection-lost',
      outcomeUnknown: false,
    });
    expect(await errorOf(dashboardAt(server.url).resyncGroup(1))).toMatchObject({
      code: 'connection-lost',
      outcomeUnknown: true,
    });
  });

  it('takes a change and hangs up', async () => {
    const server = keep(await handleSockets((socket) => void socket.once('data', () => socket.destroy())));
    expect(await errorOf(dashboardAt(server.url).assign([SLOT], 2))).toMatchObject({
      code: 'connection-lost',
      outcomeUnknown: true,
    });
  });

  it('speaks something else', async () => {
    const server = keep(
      await handleSockets((socket) => void socket.once('data', () => socket.write('-ERR what?\r\n'))),
    );
    expect(await errorOf(dashboardAt(server.url).view())).toMatchObject({ code: 'not-codis' });
  });

  it.each<[string, number, string, string, boolean]>([
    ['a page about a panic', 500, '<html>PANIC</html>', 'not-codis', true],
    ['a page of a web server', 200, '<html>Welcome</html>', 'bad-answer', true],
    ['another JSON document', 200, '{"hello": 1}', 'bad-answer', true],
    ['a redirection', 302, '', 'not-codis', true],
    ['no such route', 404, '404 page not found\n', 'not-codis', false],
    ['a refusal without a cause', 800, '{}', 'not-codis', true],
  ])('answers with %s', async (_what, status, body, code, outcomeUnknown) => {
    const server = keep(await answerWith((_request, response) => void response.writeHead(status).end(body)));
    const dashboard = dashboardAt(server.url);
    expect(await errorOf(dashboard.view())).toMatchObject({ code, outcomeUnknown: false });
    expect(await errorOf(dashboard.route(SLOT))).toMatchObject({ code, outcomeUnknown: false });
    expect(await errorOf(dashboard.createGroup(1))).toMatchObject({ code, outcomeUnknown });
  });

  it('never gets to see its key in a message', async () => {
    const server = keep(await answerWith(replay(recordedCase('topom.stats', 'err-bad-xauth'))));
    const error = await errorOf(dashboardAt(server.url).view());
    expect(error).toMatchObject({ code: 'xauth-refused' });
    expect(error.message).not.toMatch(/[0-9a-f]{32}/);
  });
});

describe('an idle connection that the dashboard has closed', () => {
  it('is replaced once for a read, and is a lost answer for a change', async () => {
    let requests = 0;
    const respond = (_request: unknown, response: ServerResponse): void => {
      requests++;
      // The second request of a connection finds it closed.
      if (requests % 2 === 0) response.socket?.destroy();
      else response.end('"OK"');
    };
    const server = keep(await answerWith(respond));
    const dashboard = dashboardAt(server.url);
    await dashboard.createGroup(1);
    expect(await errorOf(dashboard.route(SLOT))).toMatchObject({ code: 'bad-answer' });
    expect(requests).toBe(3);
    expect(await errorOf(dashboard.createGroup(2))).toMatchObject({
      code: 'connection-lost',
      outcomeUnknown: true,
    });
    expect(requests).toBe(4);
  });
});

describe('reading', () => {
  it('keeps one connection for calls one after the other', async () => {
    const server = keep(await answerWith(replay(recordedCase('topom.stats', 'slot-migrating'))));
    const dashboard = dashboardAt(server.url);
    for (let i = 0; i < 5; i++) await dashboard.route(SLOT);
    expect(server.connections()).toBe(1);
  });

  it.each(['slot-migrating', 'SURPRISE-slot-stuck-prepared-and-locked', 'noauth-empty-cluster'])(
    'gives the same route alone and in the view: %s',
    async (name) => {
      const server = keep(await answerWith(replay(recordedCase('topom.stats', name))));
      const dashboard = dashboardAt(server.url);
      const { routes } = await dashboard.view();
      for (const route of routes.filter(({ slot, handover }) => slot % 100 === 0 || handover !== null)) {
        expect(await dashboard.route(route)).toEqual(route);
      }
    },
  );

  it('finds a route also in an answer that is laid out in another way', async () => {
    const { slots, ...rest } = JSON.parse(recordedBody(recordedCase('topom.stats', 'slot-migrating'))) as {
      slots: object[];
    };
    const server = keep(
      await answerWith((_request, response) => void response.end(JSON.stringify({ ...rest, slots }))),
    );
    expect(await dashboardAt(server.url).route({ table: 0, slot: 0 })).toMatchObject({
      handover: { state: 'queued' },
    });
  });
});

describe('arguments', () => {
  it('are checked before anything is sent', async () => {
    const server = await okServer();
    const dashboard = dashboardAt(server.url);
    for (const attempt of [
      dashboard.assign([], 1),
      dashboard.assign([SLOT, SLOT], 1),
      dashboard.assign([{ table: 0, slot: 1024 }], 1),
      dashboard.assign([{ table: 0, slot: 1.5 }], 1),
      dashboard.assign([{ table: 1, slot: 1 }], 1),
      dashboard.assign([SLOT], 0),
      dashboard.queueHandover({ table: 0, slot: -1 }, 1),
      dashboard.createGroup(10_000),
      dashboard.addServer(1, '10.0.0.1'),
      dashboard.addProxy('a/b:1'),
      dashboard.promote(1, ''),
    ])
      expect(await errorOf(attempt)).toMatchObject({ code: 'invalid-argument', outcomeUnknown: false });
    expect(server.seen).toEqual([]);
  });

  it.each(['', '10.0.0.1:18080', 'ftp://h:1', 'http://user:hunter2@h:1'])('refuse the URL %p', (url) => {
    expect(() => dashboardAt(url)).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  });
});
