import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

const PROCESSES = join(import.meta.dirname, 'processes.mjs');
const directory = mkdtempSync(join(tmpdir(), 'processes-'));
after(() => rmSync(directory, { recursive: true }));

/** A shell that has started something itself and takes no notice of polite signals. */
const STUBBORN = "trap '' TERM INT HUP; sleep 600 & echo started; wait; wait";

/** Runs a script whose main function is `body`, until it prints a line. */
async function startScript(name, body) {
  const file = join(directory, `${name}.mjs`);
  writeFileSync(
    file,
    `import { exitCodeOf, main, run, ScriptError, start } from ${JSON.stringify(PROCESSES)};
     await main(import.meta.url, async (args) => { ${body} });`,
  );
  const script = spawn(process.execPath, [file, 'argument'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [line] = await once(script.stdout, 'data');
  return { script, line: line.toString().trim() };
}

const startAndTell = (command) => `
  const child = start('sh', ['-c', ${JSON.stringify(command)}], { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.once('data', () => console.log(child.pid));`;

async function untilGone(group) {
  const deadline = Date.now() + 15_000;
  while (isThere(group)) {
    if (Date.now() > deadline) assert.fail(`process group ${group} is still there`);
    await sleep(50);
  }
}

function isThere(group) {
  try {
    process.kill(-group, 0);
    // A zombie that nobody has collected yet does nothing any more.
    return readlinkSync(`/proc/${group}/cwd`) !== '';
  } catch {
    return false;
  }
}

test('the exit code of a script is what its main function gives', async () => {
  const { script, line } = await startScript(
    'code',
    `console.log(args[0]); return run('sh', ['-c', 'exit 3']);`,
  );
  const [code] = await once(script, 'exit');
  assert.deepEqual([code, line], [3, 'argument']);
});

test('an error meant for people is printed without a stack, and ends what was started', async () => {
  const body = `${startAndTell('echo started; sleep 600')}
    await new Promise((resolve) => setTimeout(resolve, 200));
    throw new ScriptError('It broke.', 'Mend it.');`;
  const { script, line } = await startScript('error', body);
  const [[said], [code]] = await Promise.all([once(script.stderr, 'data'), once(script, 'exit')]);
  assert.deepEqual([code, said.toString()], [1, '\nIt broke.\n  Mend it.\n']);
  await untilGone(Number(line));
});

for (const [signal, code, command] of [
  ['SIGTERM', 143, STUBBORN],
  ['SIGINT', 130, 'echo started; sleep 600'],
  ['SIGHUP', 129, 'echo started; sleep 600'],
]) {
  test(`${signal} ends what was started within 10 s`, async () => {
    const { script, line } = await startScript(signal, `${startAndTell(command)} await exitCodeOf(child);`);
    const told = Date.now();
    script.kill(signal);
    const [exit] = await once(script, 'exit');
    assert.equal(exit, code);
    assert.ok(Date.now() - told < 10_000);
    await untilGone(Number(line));
  });
}

test('a second signal ends it at once', async () => {
  const { script, line } = await startScript('twice', `${startAndTell(STUBBORN)} await exitCodeOf(child);`);
  const told = Date.now();
  script.kill('SIGINT');
  await sleep(100);
  script.kill('SIGINT');
  await once(script, 'exit');
  assert.ok(Date.now() - told < 5_000);
  await untilGone(Number(line));
});

test('a script that is killed outright leaves nothing behind', async () => {
  const { script, line } = await startScript('killed', `${startAndTell(STUBBORN)} await exitCodeOf(child);`);
  script.kill('SIGKILL');
  await once(script, 'exit');
  await untilGone(Number(line));
});
