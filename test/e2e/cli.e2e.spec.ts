import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { draft } from '@slotferry/workflow';
import Redis from 'ioredis';
import { MigratorModule } from '../../apps/migrator/src/migrator.module';
import { type Sandbox } from '../../apps/sandbox/src/sandbox';
import { freePort, startRedis, type TestRedis } from '../support/redis';
import { asWorker, startApi, type TestApi } from './support/api';
import { buildCli, type Ended, type Running, startCli } from './support/cli';
import { clusterFile, startLab } from './support/cluster';
import { until } from './support/until';

jest.setTimeout(60_000);

let redis: TestRedis;
let lab: Sandbox;
let api: TestApi;
let raw: Redis;
let home: string;

beforeAll(async () => {
  buildCli();
  redis = await startRedis();
  raw = new Redis(redis.url);
  home = await mkdtemp(join(tmpdir(), 'slotferry-cli-'));
  [lab, api] = await Promise.all([startLab(), startApi(redis.url)]);
  await writeFile(join(home, 'cluster.yaml'), clusterFile(lab));
}, 120_000);

afterAll(async () => {
  raw?.disconnect();
  await Promise.all([lab?.close(), api?.close()]);
  await redis?.stop();
  await rm(home, { recursive: true, force: true });
});

beforeEach(async () => {
  await raw.flushall();
  await slotferry('cluster', 'apply', '-f', 'cluster.yaml');
});

const environment = (): Record<string, string> => ({
  SLOTFERRY_URL: api.url,
  SLOTFERRY_DATA_DIR: api.dataDir,
});
const start = (...args: string[]): Running => startCli(args, environment(), home);
const slotferry = (...args: string[]): Promise<Ended> => start(...args).ended;
const openWorkflow = (): Promise<string> =>
  until('a workflow to be started', async () => (await api.engine.log.openIds())[0]);

describe('the command line', () => {
  it.each([
    [['--help'], 'Exit codes:'],
    [['cluster', '--help'], 'apply'],
    [['move', '--help'], '--wait --timeout 10m'],
    [['workflow', 'cancel', '--help'], '$ slotferry workflow cancel'],
  ])('%j explains itself with examples', async (args, part) => {
    const { code, stdout } = await slotferry(...args);
    expect(stdout).toContain(part);
    expect(code).toBe(0);
  });

  it.each([
    [['mvoe', '1'], "unknown command 'mvoe'"],
    [['cluster', 'list', '--colour'], "unknown option '--colour'"],
    [['move', '1', '--cluster', 'lab'], "'--to <group>' not specified"],
    [['move', '1', '--cluster', 'lab', '--to', 'three'], 'Write a whole number from 1.'],
    [['move', '1', '--cluster', 'lab', '--to', '2', '--wait', '--timeout', 'soon'], 'Write a duration'],
    [['move', 'all', '--cluster', 'lab', '--to', '2'], '"all" is not a slot'],
    [['--url', 'here', 'cluster', 'list'], '"here" is not the address of an API'],
    [['cluster', 'apply', '-f', 'nope.yaml'], 'nope.yaml: there is no such file'],
    [['--key-file', 'nope.key', 'cluster', 'list'], 'there is no key in nope.key'],
  ])('%j is refused with a remedy', async (args, message) => {
    const { code, stdout, stderr } = await slotferry(...args);
    expect(stderr).toMatch(/^error: .+\n(.*\n)*remedy: ./);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('says where it looked for a key', async () => {
    const { code, stderr } = await startCli(['cluster', 'list'], { SLOTFERRY_URL: api.url }, home).ended;
    expect(stderr).toContain('there is no data/admin.key');
    expect(stderr).toContain('--key-file');
    expect(code).toBe(1);
  });

  it('takes the key from the environment, and tells when it is wrong', async () => {
    const withKey = (SLOTFERRY_API_KEY: string): Promise<Ended> =>
      startCli(['cluster', 'list'], { SLOTFERRY_URL: api.url, SLOTFERRY_API_KEY }, home).ended;
    expect((await withKey(api.key)).code).toBe(0);
    expect(await withKey('wrong')).toMatchObject({ code: 1, stderr: expect.stringContaining('not valid') });
  });

  it('says so when nobody is at the address, to people and to programs', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const { code, stdout, stderr } = await slotferry('cluster', 'list', '--url', url, '--json');
    expect(stderr).toContain(`error: the API at ${url} cannot be reached: connect ECONNREFUSED`);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'api-unreachable' } });
    expect(code).toBe(1);
  });

  it('says so when a key file cannot be read', async () => {
    const file = join(home, 'directory.key');
    await writeFile(file, api.key);
    await chmod(file, 0o600);
    expect((await slotferry('cluster', 'list', '--key-file', file)).code).toBe(0);
    expect(await slotferry('cluster', 'list', '--key-file', home)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cannot be read: EISDIR'),
    });
  });
});

describe('slotferry cluster', () => {
  it('prints what is wrong with a file, line by line', async () => {
    await writeFile(join(home, 'bad.yaml'), 'name: lab\nrouter: { kind: twemproxy }\ngroups: 3\n');
    const { code, stderr } = await slotferry('cluster', 'apply', '-f', 'bad.yaml');
    expect(stderr).toMatch(/^error: bad\.yaml:2: .+\nerror: bad\.yaml:3: .+\nremedy: Correct bad\.yaml/);
    expect(code).toBe(2);
  });

  it('prints everything wrong with a file that has not even a name', async () => {
    await writeFile(join(home, 'empty.yaml'), '');
    const { code, stderr } = await slotferry('cluster', 'apply', '-f', 'empty.yaml');
    expect(stderr).toContain('The file describes nothing');
    expect(code).toBe(2);
  });

  it('applies, lists, shows', async () => {
    const applied = await slotferry('cluster', 'apply', '-f', 'cluster.yaml');
    expect(applied).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('registered like this already'),
    });
    expect((await slotferry('cluster', 'list')).stdout).toMatch(/^lab +codis http:/m);
    const { stdout } = await slotferry('cluster', 'show', '--cluster', 'lab');
    expect(stdout).toMatch(/^1( out of sync)? +0-3 +127\.0\.0\.1:\d+ +master +ok +3\.4\.1 +0-3$/m);
    expect(stdout).toMatch(/replica +ok +3\.4\.1 +0-3 +4 attached, lag 0 B$/m);
    expect(stdout).toContain('The router has no group 3');
    const json = await slotferry('cluster', 'show', '--cluster', 'lab', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ cluster: 'lab', unreachable: [] });
  });

  it('names the clusters there are', async () => {
    const { code, stderr } = await slotferry('cluster', 'show', '--cluster', 'prod');
    expect(stderr).toContain('there is no cluster "prod"; known: lab');
    expect(code).toBe(1);
  });
});

describe('slotferry move', () => {
  const move = ['move', '1', '--cluster', 'lab', '--to', '2'];

  it('starts, and says how to watch', async () => {
    const { code, stdout } = await slotferry(...move);
    expect(stdout).toMatch(/^started (mv-\w+): .+\n {2}watch it: slotferry workflow watch \1\n$/);
    expect(code).toBe(0);
  });

  it('explains a refusal', async () => {
    const { code, stderr } = await slotferry('move', '4-5', '--cluster', 'lab', '--to', '2');
    expect(stderr.match(/^error: slot [45] belongs to group 2 already$/gm)).toHaveLength(2);
    expect(code).toBe(1);
  });

  it('shows each phase as it ends, across a restart of the API, and the times at the end', async () => {
    const running = start(...move, '--wait');
    const id = await openWorkflow();
    await asWorker(api, id, draft('phase-completed', { phase: 'preflight', tookMs: 12 }));
    await until('the first phase to be shown', () => running.stdout().includes('preflight: done in 12 ms'));
    await api.stop();
    await api.start();
    const waited = { phase: 'create-slots', code: 'busy', message: 'the node is busy' };
    await asWorker(api, id, draft('phase-waited', waited), draft('fact-recorded', { facts: { heldMs: 83 } }));
    await until('what it waits for to be shown', () =>
      running.stdout().includes('create-slots: waits: the node is busy'),
    );
    await asWorker(api, id, draft('workflow-completed', { tookMs: 900 }));
    const { code, stdout, stderr } = await running.ended;
    expect(stdout.match(/preflight: done/g)).toHaveLength(1);
    expect(stdout).toMatch(/completed in .+\n {2}preflight +\d+ ms/);
    expect(stdout).toContain('clients were held for 83 ms');
    expect(stderr).not.toContain('error:');
    expect(code).toBe(0);
  });

  it('ends with 3 when it is blocked, and says how to go on', async () => {
    const running = start(...move, '--wait');
    const id = await openWorkflow();
    const problem = { code: 'proxy-down', message: 'a proxy is down', remedy: 'Start the proxy.' };
    await asWorker(
      api,
      id,
      draft('phase-blocked', { phase: 'preflight', problem, unblock: 'operator', recheckAfterMs: null }),
    );
    const { code, stderr } = await running.ended;
    expect(stderr).toContain('error: a proxy is down\nremedy: Start the proxy.');
    expect(stderr).toContain(`slotferry workflow retry ${id}`);
    expect(stderr).toContain(`slotferry workflow approve ${id} --code proxy-down`);
    expect(code).toBe(3);
  });

  it('ends with 3 also when something else was recorded since it stands still, and tells that first', async () => {
    await slotferry(...move);
    const id = await openWorkflow();
    const problem = { code: 'proxy-down', message: 'a proxy is down', remedy: 'Start the proxy.' };
    await asWorker(
      api,
      id,
      draft('phase-blocked', { phase: 'preflight', problem, unblock: 'operator', recheckAfterMs: null }),
      draft('child-ended', { child: 'mv-child', status: 'completed' }),
    );
    const { code, stdout } = await slotferry('workflow', 'watch', id);
    expect(stdout).toContain('child mv-child completed');
    expect(code).toBe(3);
  });

  it('ends with 1 when it failed or was cancelled', async () => {
    const failing = start(...move, '--wait');
    const id = await openWorkflow();
    const problem = { code: 'broken', message: 'it broke', remedy: 'Mend it.' };
    await asWorker(api, id, draft('phase-failed', { phase: 'preflight', problem }));
    expect(await failing.ended).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('error: it broke'),
    });
    await slotferry('workflow', 'cancel', id, '--reason', 'not today');
    const watching = start('workflow', 'watch', id);
    await asWorker(api, id, draft('workflow-cancelled', { tookMs: 5 }));
    const { code, stdout } = await watching.ended;
    expect(stdout).toContain(`${id} cancelled`);
    expect(code).toBe(1);
  });

  it('leaves the workflow alone at Ctrl-C', async () => {
    const running = start(...move, '--wait');
    const id = await openWorkflow();
    await until('it to wait', () => running.stdout().includes('started:'));
    running.process.kill('SIGINT');
    const { code, stderr } = await running.ended;
    expect(stderr).toContain(`${id} goes on; to cancel it: slotferry workflow cancel ${id}`);
    expect(code).toBe(130);
    expect((await api.engine.get(id)).status).toBe('running');
  });

  it('gives up waiting after --timeout', async () => {
    const { code, stderr } = await slotferry(...move, '--wait', '--timeout', '300ms');
    expect(stderr).toMatch(
      /error: not done within 300 ms: (mv-\w+); it goes on\nremedy: slotferry workflow watch \1/,
    );
    expect(code).toBe(1);
  });

  it('prints one JSON line for every event, then the workflow', async () => {
    const running = start(...move, '--wait', '--json');
    const id = await openWorkflow();
    await asWorker(api, id, draft('workflow-completed', { tookMs: 5 }));
    const { code, stdout } = await running.ended;
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ type, status }) => type ?? status)).toEqual([
      'workflow-started',
      'workflow-completed',
      'completed',
    ]);
    expect(code).toBe(0);
  });
});

describe('slotferry workflow', () => {
  it('lists, shows, tells the history and verifies it', async () => {
    const { stdout } = await slotferry('move', '1', '--cluster', 'lab', '--to', '2', '--json');
    const { id } = (JSON.parse(stdout) as { workflows: [{ id: string }] }).workflows[0];
    expect((await slotferry('workflow', 'list', '--status', 'running')).stdout).toContain(id);
    expect((await slotferry('workflow', 'list', '--status', 'failed')).stdout).toBe('no workflows\n');
    expect((await slotferry('workflow', 'show', id)).stdout).toMatch(/preflight +under way/);
    expect((await slotferry('workflow', 'history', id)).stdout).toMatch(
      /^ +1 .* workflow-started .* operator:admin /,
    );
    expect(await slotferry('workflow', 'verify', id)).toMatchObject({ code: 0 });
    expect((await slotferry('workflow', 'pause', id)).stdout).toBe(`${id}: paused at preflight\n`);
    expect((await slotferry('workflow', 'resume', id)).stdout).toBe(`${id}: running at preflight\n`);
    expect((await slotferry('workflow', 'retry', id)).code).toBe(1);
  });
});

describe('with a migrator', () => {
  let migrator: INestApplicationContext;

  beforeEach(async () => {
    migrator = await NestFactory.createApplicationContext(MigratorModule.with(api.configuration), {
      logger: false,
    });
  });
  afterEach(() => migrator.close());

  it('sets a third group up and moves a slot to it, start to end', async () => {
    const bootstrap = await slotferry('cluster', 'bootstrap', '--cluster', 'lab', '--wait');
    expect(bootstrap).toMatchObject({ code: 0, stdout: expect.stringContaining('completed in') });
    const moved = await slotferry('move', '0-1', '--cluster', 'lab', '--to', '3', '--wait');
    expect(moved.stdout).toMatch(/\[slot 0\] .*handover: done in/);
    expect(moved.stdout.match(/clients were held for/g)).toHaveLength(2);
    expect(moved.code).toBe(0);
    expect((await slotferry('cluster', 'show', '--cluster', 'lab')).stdout).toMatch(
      /^3( out of sync)? +0-1 /m,
    );
  });
});
