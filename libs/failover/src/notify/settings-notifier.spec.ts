import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NotifySettings } from '@slotferry/cluster';
import { eventually } from '../../../../test/support/eventually';
import type { FailoverNews } from './news';
import { SettingsNotifier } from './settings-notifier';

interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
type Answer = (response: ServerResponse, asked: number) => void;

const news: FailoverNews = {
  event: 'failover-starting',
  cluster: 'lab',
  group: 1,
  workflow: 'fo-lab-1-1',
  at: Date.parse('2026-11-22T20:00:00Z'),
  code: null,
  message: '127.0.0.1:9521 is dead',
  details: { master: '127.0.0.1:9521' },
};
/** One that has ended and was not waited for has no command line any more. */
function runs(pid: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== '';
  } catch {
    return false;
  }
}

const env = { PATH: '/usr/bin:/bin', HOOK_SECRET: 's3cret', PIKA_AUTH: 'hidden' };

let server: Server;
let url: string;
let received: Received[];
let answer: Answer;
let dir: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'slotferry-hooks-'));
  server = createServer((request, response) => void take(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/T00/secret-path`;
});

beforeEach(() => {
  received = [];
  answer = (response) => response.end('{}');
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
  rmSync(dir, { recursive: true, force: true });
});

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks = (await request.toArray()) as Buffer[];
  received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
  answer(response, received.length);
}

type Webhook = NotifySettings['webhooks'][number];
type When = Webhook['when'];
const webhook = (when: When, more: Partial<Webhook> = {}): Partial<NotifySettings> => ({
  webhooks: [{ url, secret: null, when, ...more }],
});
/** A shell only because it is the shortest program there is. */
const command = (when: When, script: string): Partial<NotifySettings> => ({
  commands: [{ run: ['/bin/sh', '-c', script], when }],
});
const notifier = (
  settings: Partial<NotifySettings>,
  pausesMs: readonly number[] = [1, 1],
): SettingsNotifier =>
  new SettingsNotifier({ webhooks: [], commands: [], timeoutMs: 2_000, ...settings }, { env, pausesMs });
const file = (name: string): string => join(dir, name);

describe('a webhook', () => {
  it('gets the news as JSON under a signature over exactly these bytes', async () => {
    await notifier(webhook('before', { secret: { env: 'HOOK_SECRET' } })).before(news);
    const [{ headers, body } = { headers: {}, body: '' }] = received;
    const expected = createHmac('sha256', 's3cret').update(body).digest('hex');
    expect(headers['x-slotferry-signature']).toBe(`sha256=${expected}`);
    expect(headers['content-type']).toContain('application/json');
    expect(JSON.parse(body)).toEqual({
      ...news,
      at: '2026-11-22T20:00:00.000Z',
      delivery: headers['x-slotferry-delivery'],
    });
  });

  it('is not called without the secret it was promised', async () => {
    const [delivery] = await notifier(webhook('after', { secret: { file: file('none') } })).after(news);
    expect(delivery).toMatchObject({
      ok: false,
      tries: 1,
      answer: expect.stringContaining('does not exist'),
    });
    expect(received).toEqual([]);
  });

  it.each([
    [409, '{"veto": "stock taking"}', 'stock taking'],
    [409, 'not JSON', 'no reason given (409)'],
    [200, '{"veto": "not\\u0007 now"}', 'not now'],
    [200, '{"veto": ""}', null],
    [200, '[]', null],
    [204, '', null],
    [500, '{"veto": "broken"}', null],
    [302, '{"veto": "elsewhere"}', null],
  ])('that answers %d %s vetoes with %s', async (status, body, veto) => {
    answer = (response) => response.writeHead(status, { location: '/other' }).end(status === 204 ? '' : body);
    const said = await notifier(webhook('before')).before(news);
    expect(said.veto).toBe(veto === null ? null : `webhook 1 (${new URL(url).host}): ${veto}`);
    expect(received).toHaveLength(1);
  });

  it('that hangs costs its time limit, and does not veto', async () => {
    answer = () => undefined;
    const begun = Date.now();
    const said = await notifier({ ...webhook('before'), timeoutMs: 100 }).before(news);
    expect(Date.now() - begun).toBeLessThan(1_500);
    expect(said).toMatchObject({
      veto: null,
      deliveries: [{ ok: false, answer: 'no answer within 100 ms' }],
    });
  });

  it('that begins its answer and never ends it is given up as well', async () => {
    answer = (response) => void response.write('{"veto":');
    const said = await notifier({ ...webhook('before'), timeoutMs: 100 }).before(news);
    expect(said).toMatchObject({ veto: null, deliveries: [{ ok: false }] });
  });

  it('that nobody serves does not veto, and its address is told without path', async () => {
    const settings = webhook('before', { url: 'http://127.0.0.1:1/T00/secret-path' });
    const said = await notifier(settings).before(news);
    expect(said.veto).toBeNull();
    expect(said.deliveries).toMatchObject([{ hook: 'webhook 1 (127.0.0.1:1)', ok: false, tries: 1 }]);
    expect(JSON.stringify(said)).not.toContain('secret-path');
  });

  it('is told again where it failed, under the same id, until it took it', async () => {
    answer = (response, asked) => response.writeHead(asked < 3 ? 503 : 200).end();
    const [delivery] = await notifier(webhook('after')).after(news);
    expect(delivery).toMatchObject({ ok: true, tries: 3, answer: 'answered 200' });
    expect(new Set(received.map(({ headers }) => headers['x-slotferry-delivery'])).size).toBe(1);
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
  });

  it('is given up after three tries, and at once where another try cannot help', async () => {
    answer = (response) => response.writeHead(503).end();
    expect(await notifier(webhook('after')).after(news)).toMatchObject([{ ok: false, tries: 3 }]);
    answer = (response) => response.writeHead(400).end();
    expect(await notifier(webhook('after')).after(news)).toMatchObject([{ ok: false, tries: 1 }]);
  });
});

describe('a command', () => {
  it('gets the news on its standard input and in a few variables, and no secrets of ours', async () => {
    const script = `cat > ${file('in.json')}; env > ${file('env')}`;
    expect(await notifier(command('after', script)).after(news)).toMatchObject([
      { hook: 'command 1 (sh)', ok: true, answer: 'exit code 0', tries: 1 },
    ]);
    expect(JSON.parse(readFileSync(file('in.json'), 'utf8'))).toMatchObject({ group: 1, event: news.event });
    const variables = readFileSync(file('env'), 'utf8');
    expect(variables).toContain('SLOTFERRY_EVENT=failover-starting\n');
    expect(variables).toContain('SLOTFERRY_WORKFLOW=fo-lab-1-1\n');
    expect(variables).not.toContain('hidden');
    expect(variables).not.toContain('s3cret');
  });

  it.each([
    ['echo month end; exit 10', 'command 1 (sh): month end'],
    ['exit 10', 'command 1 (sh): no reason given (exit code 10)'],
    ['echo no; exit 1', null],
    ['kill -9 $$', null],
    ['exit 0', null],
  ])('%s vetoes with %s', async (script, veto) => {
    expect((await notifier(command('before', script)).before(news)).veto).toBe(veto);
  });

  it('is killed with all it started when its time is over', async () => {
    const script = `(sh -c 'echo $$ > ${file('pid')}; exec sleep 30') & wait`;
    const said = await notifier({ ...command('before', script), timeoutMs: 200 }).before(news);
    expect(said).toMatchObject({ veto: null, deliveries: [{ ok: false, answer: 'killed after 200 ms' }] });
    const pid = readFileSync(file('pid'), 'utf8').trim();
    expect(pid).toMatch(/^\d+$/);
    await eventually('the end of what it started', () => !runs(pid), 5_000);
  });

  it('that leaves a child behind does not make us wait for the child', async () => {
    const begun = Date.now();
    const [delivery] = await notifier(command('after', 'sleep 2 & exit 0')).after(news);
    expect(delivery).toMatchObject({ ok: true });
    expect(Date.now() - begun).toBeLessThan(1_500);
  });

  it('that does not exist, or cannot be run, is a failed delivery', async () => {
    writeFileSync(file('text'), 'no program', { mode: 0o600 });
    const commands: NotifySettings['commands'] = [
      { run: [file('none'), '--token=abc'], when: 'before' },
      { run: [file('text')], when: 'before' },
      { run: ['/bin/sh', 'a\0b'], when: 'before' },
    ];
    const said = await notifier({ commands }).before(news);
    expect(said.veto).toBeNull();
    expect(said.deliveries.map(({ ok }) => ok)).toEqual([false, false, false]);
    expect(said.deliveries[0]?.answer).toBe('not started: ENOENT');
    expect(JSON.stringify(said)).not.toContain('abc');
  });
});

it('asks everybody who is to be asked, nobody else, and names all who refused', async () => {
  answer = (response) => response.writeHead(409).end('{"veto": "a"}');
  const settings: Partial<NotifySettings> = {
    webhooks: [
      { url, secret: null, when: 'before' },
      { url, secret: null, when: 'after' },
    ],
    commands: [{ run: ['/bin/sh', '-c', 'echo b; exit 10'], when: 'before' }],
  };
  const { host } = new URL(url);
  const said = await notifier(settings).before(news);
  expect(said.veto).toBe(`webhook 1 (${host}): a; command 1 (sh): b`);
  expect(received).toHaveLength(1);
});

it('says nothing where nobody is named', async () => {
  expect(await notifier({}).before(news)).toEqual({ veto: null, deliveries: [] });
  expect(await notifier({}).after(news)).toEqual([]);
});

it('tells of another problem under another id, of the same one at another time under the same', async () => {
  const told = async (more: Partial<FailoverNews>): Promise<unknown> => {
    received = [];
    await notifier(webhook('after')).after({ ...news, ...more });
    return received[0]?.headers['x-slotferry-delivery'];
  };
  const first = await told({});
  expect(await told({ at: news.at + 1 })).toBe(first);
  expect(await told({ code: 'vetoed' })).not.toBe(first);
  expect(await told({ workflow: null })).not.toBe(await told({ workflow: null, at: news.at + 1 }));
});
