import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

const SCRIPT = join(import.meta.dirname, 'private-redis.mjs');
let directory;
let scripts;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'private-redis-'));
  scripts = [];
});
afterEach(async () => {
  for (const script of scripts.filter(
    ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
  )) {
    script.kill('SIGTERM');
    await once(script, 'exit');
  }
  rmSync(directory, { recursive: true, force: true });
});

/** Starts the script and waits for the address it prints. */
async function startScript(...args) {
  const script = spawn(process.execPath, [SCRIPT, directory, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  scripts.push(script);
  const [line] = await once(script.stdout, 'data');
  return { script, port: Number(/:(\d+)\n$/.exec(line.toString())[1]) };
}

async function ask(port, command) {
  const socket = connect(port, '127.0.0.1');
  try {
    socket.write(`${command}\r\n`);
    const [reply] = await once(socket, 'data');
    return reply.toString();
  } finally {
    socket.destroy();
  }
}

async function untilRefused(port, limitMs) {
  const deadline = Date.now() + limitMs;
  while (Date.now() < deadline) {
    const refused = await ask(port, 'PING').then(
      () => false,
      ({ code }) => code === 'ECONNREFUSED',
    );
    if (refused) return;
    await sleep(50);
  }
  assert.fail(`Redis still answers on port ${port}`);
}

test('it is fit to keep an event log', async () => {
  const { port } = await startScript();
  for (const [name, value] of [
    ['appendonly', 'yes'],
    ['appendfsync', 'always'],
    ['maxmemory-policy', 'noeviction'],
    ['bind', '127.0.0.1'],
    ['protected-mode', 'yes'],
  ]) {
    assert.match(await ask(port, `CONFIG GET ${name}`), new RegExp(`\\r\\n${value}\\r\\n`));
  }
});

for (const signal of ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP']) {
  test(`it does not outlive a script that gets ${signal}, and keeps what was written`, async () => {
    const { script, port } = await startScript();
    assert.equal(await ask(port, 'SET kept 1'), '+OK\r\n');
    script.kill(signal);
    await once(script, 'exit');
    await untilRefused(port, 10_000);
    const again = await startScript();
    assert.equal(await ask(again.port, 'GET kept'), '$1\r\n1\r\n');
  });
}

test('a second one waits until the directory is released', async () => {
  const { script, port } = await startScript();
  script.kill('SIGKILL');
  const again = await startScript(String(port));
  assert.equal(await ask(again.port, 'PING'), '+PONG\r\n');
});

test('a port in use is named', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address();
  const script = spawn(process.execPath, [SCRIPT, directory, String(port)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  scripts.push(script);
  const [message] = await once(script.stderr, 'data');
  assert.match(message.toString(), new RegExp(`127.0.0.1:${port}: the port is in use`));
  await once(script, 'close');
  assert.equal(script.exitCode, 1);
  other.close();
});
