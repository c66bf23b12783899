import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = join(__dirname, '../..');
const END_LIMIT_MS = 15_000;

interface Demo {
  readonly process: ChildProcess;
  /** All it has said so far. */
  said(): string;
}

describe('npm run demo', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'demo-spec-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  /** Everything that the demo starts has this test's directory as its place for temporary files, which tells whose it is. */
  function startDemo(...args: string[]): Demo {
    const env = { ...process.env, TMPDIR: directory };
    const demo = spawn(process.execPath, ['scripts/demo.mjs', ...args], {
      cwd: ROOT,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [demo.stdout, demo.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (said += text));
    }
    return { process: demo, said: () => said };
  }

  async function expectNothingLeft(): Promise<void> {
    const deadline = Date.now() + END_LIMIT_MS;
    while (processesOf(directory).length > 0 && Date.now() < deadline) await sleep(20);
    expect(processesOf(directory)).toEqual([]);
    expect(readdirSync(directory)).toEqual([]);
  }

  it('moves a slot, finds everything as it has to be, and leaves nothing behind', async () => {
    // Other tests run at the same time: what a client may wait on a quiet machine is not to be judged here.
    const demo = startDemo('--stall-limit', '5000');
    expect(await exitOf(demo)).toEqual({ code: 0, said: expect.stringContaining('All 11 checks hold.') });
    expect(demo.said()).not.toContain('FAILED');
    await expectNothingLeft();
  }, 60_000);

  it('kills a master, finds nothing lost that could be saved, and brings it back', async () => {
    const demo = startDemo('--scenario', 'failover', '--stall-limit', '20000');
    const said = expect.stringContaining('All 10 checks hold.') as string;
    expect(await exitOf(demo)).toEqual({ code: 0, said });
    expect(demo.said()).toContain('new master elected');
    await expectNothingLeft();
  }, 120_000);

  it('fails, and says why, when a client had to wait longer than allowed', async () => {
    const demo = startDemo('--stall-limit', '1');
    const { code, said } = await exitOf(demo);
    expect(said).toMatch(/FAILED longest stall .*limit 1 ms/);
    expect(said).toContain('1 of 11 checks failed');
    expect(code).toBe(1);
    await expectNothingLeft();
  }, 60_000);

  it.each([
    ['while everything starts', 'move-slot', 'Starting Redis'],
    ['while the cluster is set up', 'move-slot', 'Setting up groups 1 and 2'],
    ['while the slot moves', 'move-slot', 'Moving slot 1'],
    ['while it evens out', 'scale-out', 'Executing it'],
    ['while a master is replaced', 'failover', 'Killing pika1'],
  ])(
    'leaves nothing behind after Ctrl-C %s',
    async (_when, scenario, line) => {
      const demo = startDemo('--keep', '--scenario', scenario);
      await untilSaid(demo, line);
      demo.process.kill('SIGINT');
      expect((await exitOf(demo)).code).toBe(130);
      await expectNothingLeft();
    },
    60_000,
  );

  it('stays until Ctrl-C when told to, and says where everything is', async () => {
    const demo = startDemo('--keep', '--stall-limit', '5000');
    await untilSaid(demo, 'Ctrl-C ends it.');
    const url = /API +(http:\S+)/.exec(demo.said())?.[1];
    expect((await fetch(`${url}/ready`)).status).toBe(200);
    demo.process.kill('SIGINT');
    expect((await exitOf(demo)).code).toBe(130);
    await expectNothingLeft();
  }, 60_000);

  it.each([
    [['--fast'], 'does not know "--fast"', '--help'],
    [['--scenario', 'fail-back'], 'no scenario "fail-back"', 'Use move-slot, scale-out, failover.'],
    [['--stall-limit', 'soon'], 'no time for --stall-limit', '150'],
  ])('refuses %j and starts nothing', async (args, what, remedy) => {
    const { code, said } = await exitOf(startDemo(...args));
    expect(said).toContain(what);
    expect(said).toContain(remedy);
    expect(code).toBe(1);
    await expectNothingLeft();
  });
});

async function exitOf(demo: Demo): Promise<{ code: number | null; said: string }> {
  const [code] = (await once(demo.process, 'close')) as [number | null];
  return { code, said: demo.said() };
}

async function untilSaid(demo: Demo, text: string): Promise<void> {
  while (!demo.said().includes(text)) {
    if (demo.process.exitCode !== null) throw new Error(`the demo ended before "${text}":\n${demo.said()}`);
    await sleep(5);
  }
}

/** Processes that use the directory. Redis writes over its environment, but works in it. */
function processesOf(directory: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || pid === String(process.pid)) return false;
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
      return environment.includes(directory) || readlinkSync(`/proc/${pid}/cwd`).startsWith(directory);
    } catch {
      return false;
    }
  });
}
