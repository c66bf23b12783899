import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { CodisLab } from './sandbox-codis/codis-lab';
import { comparable } from './sandbox-codis/comparable';
import {
  type CaseSetup,
  GROUP_CASES,
  PROXY_OF_DASHBOARD_CASES,
  SLOT_CASES,
} from './sandbox-codis/dashboard-cases';
import { type HttpReply, type RecordedRequest, httpCall } from './sandbox-codis/http-call';
import { FILES_LEFT_OUT, LEFT_OUT, NO_HTTP_CASES, PROXY_CASES } from './sandbox-codis/proxy-cases';
import { READ_CASES, STATS_CASES } from './sandbox-codis/state-cases';
import { Translation } from './sandbox-codis/translation';
import { freePort } from './sandbox-codis/free-port';

interface RecordedCase {
  readonly case: string;
  readonly request: RecordedRequest;
  readonly status_line: string;
  readonly headers: Record<string, string>;
  readonly body_json?: unknown;
  readonly body_text?: string;
  readonly body_bytes_hex?: string;
}

const FOLDER = join(__dirname, 'recordings/codis/http');
const SETUPS = {
  ...READ_CASES,
  ...STATS_CASES,
  ...GROUP_CASES,
  ...SLOT_CASES,
  ...PROXY_OF_DASHBOARD_CASES,
  ...PROXY_CASES,
};
const RECORDINGS = readdirSync(FOLDER)
  .map((file) => file.replace(/\.json$/, ''))
  .filter((name) => !NO_HTTP_CASES.includes(name) && !(name in FILES_LEFT_OUT));
const PLAIN_REDIS = 18301;

let redis: ChildProcess;
let redisPort: number;

beforeAll(async () => {
  redisPort = await freePort();
  redis = spawn('redis-server', ['--port', String(redisPort), '--save', '', '--appendonly', 'no']);
  await new Promise<void>((resolve) => {
    redis.stdout?.on('data', (text: Buffer) => {
      if (text.includes('Ready to accept connections')) resolve();
    });
  });
});

afterAll(() => {
  redis.kill();
});

describe.each(RECORDINGS)('%s', (name) => {
  const recorded = casesOf(name);

  it('has every case either run or left out for a reason', () => {
    const dealtWith = [...Object.keys(SETUPS[name] ?? {}), ...Object.keys(LEFT_OUT[name] ?? {})];
    expect([...new Set(dealtWith)].sort()).toEqual(recorded.map((one) => one.case).sort());
  });

  for (const one of recorded) {
    const setup = SETUPS[name]?.[one.case];
    if (setup) it(`answers ${one.case}`, () => replay(one, setup));
  }
});

async function replay(recorded: RecordedCase, setup: CaseSetup): Promise<void> {
  const lab = new CodisLab(setup.lab);
  try {
    await lab.dashboard(setup.lab?.product === undefined ? 18080 : 18090);
    await setup.before?.(lab);
    if (recorded.request.url.includes(':18081')) await lab.dashboard(18081);
    const extra = new Map([[PLAIN_REDIS, `127.0.0.1:${redisPort}`]]);
    const translation = await Translation.of(lab, JSON.stringify(recorded), extra);
    const { url, body, ...rest } = recorded.request;
    const reply = await httpCall({
      ...rest,
      url: translation.toLocal(url),
      body: body && translation.toLocal(body),
    });
    expect(reply.statusLine).toBe(recorded.status_line);
    expect(reply.headers).toEqual(recorded.headers);
    expectSameBody(reply, recorded, translation);
  } finally {
    await lab.close();
  }
}

function expectSameBody(reply: HttpReply, recorded: RecordedCase, translation: Translation): void {
  const text = translation.toRecorded(textOf(reply));
  if (recorded.body_text !== undefined) return expect(text).toBe(recorded.body_text);
  if (recorded.body_json === undefined) {
    // Of compressed bodies the recording has the beginning only.
    expect(reply.body.subarray(0, 3).toString('hex')).toBe(recorded.body_bytes_hex?.slice(0, 6));
    return expect(() => JSON.parse(text) as unknown).not.toThrow();
  }
  const body = JSON.parse(text) as unknown;
  if (isServerInfo(recorded)) return expect(typesOf(body)).toEqual(['string']);
  expect(comparable(body)).toEqual(comparable(recorded.body_json));
}

function textOf({ body, headers }: HttpReply): string {
  return (headers['Content-Encoding'] === 'gzip' ? gunzipSync(body) : body).toString();
}

/** Which fields INFO has is the server's matter. */
function isServerInfo({ request }: RecordedCase): boolean {
  return request.url.includes('/group/info/');
}

function typesOf(body: unknown): string[] {
  return [...new Set(Object.values(body as object).map((value) => typeof value))];
}

function casesOf(name: string): RecordedCase[] {
  const file = JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as { cases: RecordedCase[] };
  return file.cases;
}
