import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MigratorModule } from '../../apps/migrator/src/migrator.module';
import { type Lab, startLab } from '../support/lab';
import { startApi, type TestApi } from './support/api';
import { buildCli, type Ended, type Running, startCli } from './support/cli';
import { until } from './support/until';

jest.setTimeout(30_000);

let lab: Lab;
let api: TestApi;
let migrator: INestApplicationContext;
let home: string;

beforeAll(async () => {
  buildCli();
  home = await mkdtemp(join(tmpdir(), 'slotferry-cli-'));
  lab = await startLab({ slotsPerGroup: 6 });
  api = await startApi(lab.redis.url);
  migrator = await NestFactory.createApplicationContext(MigratorModule.with(api.configuration), {
    logger: false,
  });
}, 120_000);

afterAll(async () => {
  await migrator?.close();
  await api?.close();
  await lab?.stop();
  await rm(home, { recursive: true, force: true });
});

const start = (...args: string[]): Running =>
  startCli(args, { SLOTFERRY_URL: api.url, SLOTFERRY_DATA_DIR: api.dataDir }, home);
const slotferry = (...args: string[]): Promise<Ended> => start(...args).ended;
const rebalance = (...args: string[]): Promise<Ended> => slotferry('rebalance', '--cluster', 'lab', ...args);
const openRebalance = async (): Promise<string | undefined> =>
  (await api.engine.log.openIds()).find((id) => /^rb-[^-]+$/.test(id));

describe('slotferry rebalance', () => {
  it.each([
    [['--cluster', 'lab'], 'nothing says what is wanted'],
    [['--even'], 'no cluster is named'],
    [['--cluster', 'lab', '--even', '--drain', '2'], 'one goal at a time'],
    [['--cluster', 'lab', '--slots', '0-2'], '--slots needs the group'],
    [['--cluster', 'lab', '--slots', '0-x', '--to', '3'], '"0-x" is not a slot'],
    [['--cluster', 'lab', '--drain', 'group:9'], 'Group 9 is not known'],
    [['--cluster', 'lab', '--even', '--in-flight', '0'], 'Write a whole number from 1.'],
    [['--cluster', 'lab', '--even', '--in-flight', '5000'], 'inFlight must not be greater than 1024'],
    [['--cluster', 'lab', '--even', '--window', '1-6'], 'is not a time of day from and to'],
    [['--cluster', 'lab', '--drain', '127.0.0.1:9521'], 'a single node cannot be emptied'],
    [['--plan', 'pl-1', '--even'], '--plan has its goal'],
    [['--cluster', 'lab', '--by', 'written'], '--by and --sizes go with --even or --weights'],
    [['--cluster', 'lab', '--even', '--by', 'keys'], 'slots cannot be measured by "keys"'],
    [['--cluster', 'lab', '--even', '--sizes', 'nowhere.csv'], 'nowhere.csv: there is no such file'],
    [['--cluster', 'lab', '--even', '--tolerance', '5%'], 'Write a part of 1, as 0.05.'],
    [['--cluster', 'lab', '--even', '--first', '20-10'], 'The range 20-10 runs backwards'],
    [['--cluster', 'lab', '--even', '--first', '1024'], 'Slot 1024 does not exist'],
  ])('%j is refused with a remedy', async (args, message) => {
    const { code, stderr } = await slotferry('rebalance', ...args);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^remedy: ./m);
    expect(code).toBe(2);
  });

  it('explains itself with examples', async () => {
    expect((await slotferry('rebalance', '--help')).stdout).toContain('--drain group:2');
    expect((await slotferry('rebalance', '--help')).stdout).toContain('It does not count what is stored.');
    expect((await slotferry('workflow', 'set', '--help')).stdout).toContain('--per-source 4');
  });

  it('evens out by size, and shows the size of each group', async () => {
    const list = Array.from({ length: 12 }, (_, slot) => `${slot},${slot < 6 ? 2 : 0}`);
    await writeFile(join(home, 'sizes.csv'), ['slot,keys', ...list, ''].join('\n'));
    const bySizes = await rebalance('--even', '--sizes', 'sizes.csv', '--first', '4', '--dry-run');
    expect(bySizes.stderr).toBe('');
    expect(bySizes.stdout).toMatch(/^GROUP +SIZE +AFTER\n1 +12 +4\n2 +0 +4\n3 +0 +4$/m);
    expect(bySizes.stdout).toContain('of slots 4, which go first, 1 moves');

    const byWritten = await rebalance('--even', '--by', 'written', '--tolerance', '0.1', '--dry-run');
    expect(byWritten.stdout).toMatch(/^GROUP +WRITTEN +AFTER\n1 +0 B +0 B$/m);
    expect(byWritten.stdout).toContain('within 10 %');

    await writeFile(join(home, 'sizes.json'), '{"0": 12, "1": 7}');
    expect(await rebalance('--even', '--sizes', 'sizes.json', '--dry-run')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('There is no size for slots 2-11 of table 0'),
    });
  });

  it('shows the plan, and starts nothing when nobody can be asked', async () => {
    const { code, stdout, stderr } = await rebalance('--even');
    expect(stdout).toMatch(/^1 +6 +4 +-2\n2 +6 +4 +-2\n3 +0 +4 +\+4$/m);
    expect(stdout).toMatch(/^1 +3 +2 +\d/m);
    expect(stdout).toMatch(/^4 slots move, in .+ to .+\nwhat bounds the speed: group 3 takes 4 slots/m);
    expect(stderr).toContain('nobody can be asked');
    expect(stderr).toContain('--yes');
    expect(code).toBe(2);
    expect(await openRebalance()).toBeUndefined();
  });

  it('is content when nothing has to move', async () => {
    const { code, stdout } = await rebalance('--slots', '0-5', '--to', '1');
    expect(stdout).toContain('nothing has to move');
    expect(code).toBe(0);
  });

  it('executes a plan that was shown, tells how it comes along, and takes it back', async () => {
    const shown = await rebalance('--slots', '0-3', '--to', '3', '--dry-run');
    expect(shown.code).toBe(0);
    const plan = /slotferry rebalance --plan (pl-\w+)/.exec(shown.stdout)?.[1] ?? '';
    const { code, stdout } = await slotferry('rebalance', '--plan', plan, '--yes', '--wait');
    expect(stdout).toMatch(/ [0-3] of 4 moved, .*\d on their way/);
    expect(stdout).toMatch(/ 4 of 4 moved, .*clients held \d/);
    expect(stdout).not.toContain('child ');
    expect(code).toBe(0);
    const id = /\n(rb-\w+) completed in/.exec(stdout)?.[1] ?? '';
    expect((await slotferry('workflow', 'show', id)).stdout).toMatch(/limits: 512 in flight.*\n4 of 4 moved/);

    const again = await slotferry('rebalance', '--plan', plan, '--yes');
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('slots 0-3 have moved already') });

    const back = await rebalance('--undo', id, '--yes', '--wait', '--json');
    const lines = back.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines[0]).toMatchObject({ count: 4, moves: [{ from: 3, to: 1, slots: '0-3' }] });
    expect(lines[1]).toMatchObject({ type: 'workflow-started' });
    expect(lines.at(-1)).toMatchObject({ workflow: 'rebalance', status: 'completed' });
    expect(back.code).toBe(0);
  });

  it('takes other limits while it runs, and ends with 1 when it is cancelled', async () => {
    const running = start(
      'rebalance',
      '--cluster',
      'lab',
      '--drain',
      '2',
      '--in-flight',
      '1',
      '--yes',
      '--wait',
    );
    const id = await until('the rebalance to be started', openRebalance);
    expect((await slotferry('workflow', 'pause', id)).code).toBe(0);
    const set = await slotferry('workflow', 'set', id, '--in-flight', '2', '--reason', 'a quiet night');
    expect(set.stdout).toContain(`${id}: limits changed`);
    expect((await slotferry('workflow', 'show', id)).stdout).toContain('limits: 2 in flight, 512 per source');
    expect((await slotferry('workflow', 'set', id, '--window', '00:00-23:59')).code).toBe(0);
    expect((await slotferry('workflow', 'show', id)).stdout).toContain('only 00:00-23:59 UTC');
    expect((await slotferry('workflow', 'set', id, '--window', 'always')).code).toBe(0);
    expect((await slotferry('workflow', 'show', id)).stdout).not.toContain('UTC');
    expect((await slotferry('workflow', 'set', id, '--first', '10-11')).code).toBe(0);
    expect((await slotferry('workflow', 'show', id)).stdout).toContain('slots 10-11 first');
    expect((await slotferry('workflow', 'set', id, '--first', 'none')).code).toBe(0);
    expect((await slotferry('workflow', 'show', id)).stdout).not.toContain('slots 10-11 first');
    expect(await slotferry('workflow', 'set', id)).toMatchObject({ code: 2 });
    expect((await slotferry('workflow', 'cancel', id)).code).toBe(0);
    const { code, stdout } = await running.ended;
    expect(stdout).toContain('settings changed by operator:admin to {"inFlight":2}: a quiet night');
    expect(stdout).toContain(`${id} cancelled`);
    expect(code).toBe(1);
  });
});
