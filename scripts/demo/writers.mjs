import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

import { RespConnection } from './resp.mjs';
import { tagOf } from './slots.mjs';

const RECONNECT_MS = 50;
const READ_AT_ONCE = 200;

/**
 * Clients that write through the proxies until they are stopped, one connection each, to their slots in turn, the next write a pause
 * after the answer to the last. Every write goes to a key of its own, so that each one that is lost shows.
 */
export class Writers {
  #clients;
  #proxies;
  #pauseMs;
  #running;
  #stopped = false;
  #delay = monitorEventLoopDelay({ resolution: 5 });

  /** @param clients for each client the slots it writes to */
  constructor(proxies, clients, pauseMs) {
    this.#proxies = proxies;
    this.#pauseMs = pauseMs;
    this.#clients = clients.map((slots, index) => ({
      index,
      lines: slots.map((slot) => new Line(slot, index)),
    }));
  }

  get count() {
    return this.#clients.length;
  }

  start() {
    this.#delay.enable();
    this.#running = Promise.all(this.#clients.map((client) => this.#write(client)));
  }

  /** Waits until every client has got an answer for each of its slots. Throws when that takes longer than the limit. */
  async untilAllWrite(limitMs) {
    const deadline = performance.now() + limitMs;
    const lines = this.#clients.flatMap((client) => client.lines);
    for (;;) {
      const silent = lines.find(({ acknowledged }) => acknowledged.length === 0);
      if (silent === undefined) return;
      if (performance.now() > deadline)
        throw new Error(`nobody can write to slot ${silent.slot}: ${silent.errors.at(-1) ?? 'no answer'}`);
      await sleep(10);
    }
  }

  async stop() {
    this.#stopped = true;
    await this.#running;
    this.#delay.disable();
  }

  /** Longest time for which this process itself could not run, in ms: a measure of what else the machine has to do. */
  get longestDelayMs() {
    return this.#delay.max / 1e6;
  }

  /** What clients went through in the slots that `fits`. Times are from sending a write to its answer, in ms. */
  seenBy(fits) {
    const lines = this.#clients.flatMap((client) => client.lines.filter(({ slot }) => fits(slot)));
    const times = lines.flatMap((line) => line.times).sort((a, b) => a - b);
    return {
      clients: this.#clients.filter((client) => client.lines.some(({ slot }) => fits(slot))).length,
      slots: new Set(lines.map(({ slot }) => slot)).size,
      acknowledged: lines.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0),
      errors: lines.flatMap(({ errors }) => errors),
      p99Ms: times[Math.floor(0.99 * times.length)] ?? 0,
      longestMs: times.at(-1) ?? 0,
    };
  }

  /** When the first write that was sent after `since` was acknowledged in a slot that `fits`; Infinity when none was. Monotonic ms. */
  firstAnswerAfter(since, fits) {
    const lines = this.#clients.flatMap((client) => client.lines.filter(({ slot }) => fits(slot)));
    const answers = lines.flatMap(({ span }) => span.filter(({ sentAt }) => sentAt > since));
    return answers.reduce((first, { answeredAt }) => Math.min(first, answeredAt), Infinity);
  }

  /** Reads every acknowledged write back, through the other proxy than it was written through. Gives the keys that are not there. */
  async findLost() {
    const lost = [];
    for (const { index, lines } of this.#clients) {
      const connection = await RespConnection.open(this.#proxyOf(index + 1));
      try {
        for (const line of lines) lost.push(...(await missingOf(line, connection)));
      } finally {
        connection.close();
      }
    }
    return lost;
  }

  async #write({ index, lines }) {
    let connection = null;
    for (let turn = 0; !this.#stopped; turn += 1) {
      const line = lines[turn % lines.length];
      const number = (line.sent += 1);
      let sentAt = performance.now();
      try {
        if (connection === null) {
          connection = await RespConnection.open(this.#proxyOf(index));
          sentAt = performance.now();
        }
        await connection.send('SET', line.keyOf(number), valueOf(number));
        line.acknowledged.push(number);
        line.span.push({ sentAt, answeredAt: performance.now() });
      } catch (error) {
        line.errors.push(error.message);
        connection?.close();
        connection = null;
        await sleep(RECONNECT_MS);
      }
      line.times.push(performance.now() - sentAt);
      await sleep(this.#pauseMs);
    }
    connection?.close();
  }

  #proxyOf(index) {
    return this.#proxies[index % this.#proxies.length];
  }
}

/** What one client writes to one slot. */
class Line {
  sent = 0;
  acknowledged = [];
  /** When each of them was sent and answered. */
  span = [];
  errors = [];
  times = [];
  #prefix;

  constructor(slot, client) {
    this.slot = slot;
    this.#prefix = `{${tagOf(slot)}}:client${client}`;
  }

  keyOf(number) {
    return `${this.#prefix}:${number}`;
  }
}

async function missingOf(line, connection) {
  const missing = [];
  for (let from = 0; from < line.acknowledged.length; from += READ_AT_ONCE) {
    const numbers = line.acknowledged.slice(from, from + READ_AT_ONCE);
    const values = await Promise.all(numbers.map((number) => connection.send('GET', line.keyOf(number))));
    const lost = numbers.filter((number, index) => values[index] !== valueOf(number));
    missing.push(...lost.map((number) => line.keyOf(number)));
  }
  return missing;
}

function valueOf(number) {
  return `written as number ${number}`;
}
