import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { RespConnection } from './demo/resp.mjs';
import { tagOf } from './demo/slots.mjs';
import { Writers } from './demo/writers.mjs';
import { startPrivateRedis } from './private-redis.mjs';

const CLIENTS = [
  [1, 2],
  [512, 1],
];
const LIMIT_MS = 5_000;
let directory;
let redis;
let address;

before(async () => {
  directory = mkdtempSync(join(tmpdir(), 'demo-writers-'));
  redis = await startPrivateRedis({ directory });
  address = `127.0.0.1:${redis.port}`;
});
after(async () => {
  await redis.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function write() {
  const writers = new Writers([address, address], CLIENTS);
  writers.start();
  await writers.untilAllWrite(LIMIT_MS);
  await writers.stop();
  return writers;
}

async function tamper(...words) {
  const connection = await RespConnection.open(address);
  await connection.send(...words);
  connection.close();
}

test('what was acknowledged and is there is not lost', async () => {
  const writers = await write();
  assert.equal(writers.seenBy(() => true).clients, 2);
  assert.ok(writers.seenBy((slot) => slot === 512).acknowledged > 0);
  assert.deepEqual(writers.seenBy(() => true).errors, []);
  assert.deepEqual(await writers.findLost(), []);
});

test('a write that is gone, or has another value, is found', async () => {
  const writers = await write();
  const [first, second] = [1, 2].map((slot) => `{${tagOf(slot)}}:client0:1`);
  await tamper('DEL', first);
  await tamper('SET', second, 'something else');
  assert.deepEqual(await writers.findLost(), [first, second]);
});

test('a stall is as long as the client waited', async () => {
  const writers = new Writers([address, address], CLIENTS);
  writers.start();
  await writers.untilAllWrite(LIMIT_MS);
  await tamper('CLIENT', 'PAUSE', '200', 'WRITE');
  const seen = () => writers.seenBy(() => true).acknowledged;
  for (
    const [from, deadline] = [seen(), Date.now() + LIMIT_MS];
    seen() < from + 20 && Date.now() < deadline;
  ) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await writers.stop();
  assert.ok(writers.seenBy(() => true).longestMs >= 150, `${writers.seenBy(() => true).longestMs}`);
});

test('an answer that is an error is counted, and is no acknowledged write', async () => {
  await tamper('CONFIG', 'SET', 'maxmemory', '1');
  const writers = new Writers([address, address], CLIENTS);
  writers.start();
  await assert.rejects(
    writers.untilAllWrite(300).finally(() => writers.stop()),
    /slot 1: OOM/,
  );
  await tamper('CONFIG', 'SET', 'maxmemory', '0');
  assert.equal(writers.seenBy(() => true).acknowledged, 0);
  assert.ok(writers.seenBy(() => true).errors.length > 0);
});
