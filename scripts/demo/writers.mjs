import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

import { RespConnection } from './resp.mjs';
import { tagsOf } from './slots.mjs';

const PAUSE_MS = 2;
const RECONNECT_MS = 50;
const READ_AT_ONCE = 200;

/**
 * Clients that write through the proxies until they are stopped, one connection each, the next write 2 ms after the answer to the
 * last. Every write goes to a key of its own, so that each one that is lost shows.
 */
export class Writers {
  #writers;
  #proxies;
  #running;
  #stopped = false;
  #delay = monitorEventLoopDelay({ resolution: 5 });

  /** @param clients pairs of a slot and how many clients write to it */
  constructor(proxies, clients) {
    this.#proxies = proxies;
    this.#writers = clients
      .flatMap(([slot, count]) => tagsOf(slot, count).map((tag) => ({ slot, tag })))
      .map((one, index) => ({ ...one, index, sent: 0, acknowledged: [], errors: [], longestMs: 0 }));
  }

  get count() {
    return this.#writers.length;
  }

  start() {
    this.#delay.enable();
    this.#running = Promise.all(this.#writers.map((writer) => this.#write(writer)));
  }

  /** Waits until every client has got an answer. Throws when that takes longer than the limit. */
  async untilAllWrite(limitMs) {
    const deadline = performance.now() + limitMs;
    while (this.#writers.some(({ acknowledged }) => acknowledged.length === 0)) {
      if (performance.now() > deadline) {
        const { tag, errors } = this.#writers.find(({ acknowledged }) => acknowledged.length === 0);
        throw new Error(`client ${tag} cannot write: ${errors.at(-1) ?? 'no answer'}`);
      }
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

  /** What the clients of the slots that `fits` went through. Times are from sending a write to its answer, in ms. */
  seenBy(fits) {
    const writers = this.#writers.filter(({ slot }) => fits(slot));
    return {
      clients: writers.length,
      acknowledged: writers.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0),
      errors: writers.flatMap(({ errors }) => errors),
      longestMs: Math.max(0, ...writers.map(({ longestMs }) => longestMs)),
    };
  }

  /** Reads every acknowledged write back, through the other proxy than it was written through. Gives the keys that are not there. */
  async findLost() {
    const lost = [];
    for (const writer of this.#writers) {
      const connection = await RespConnection.open(this.#proxyOf(writer.index + 1));
      try {
        for (let from = 0; from < writer.acknowledged.length; from += READ_AT_ONCE) {
          const numbers = writer.acknowledged.slice(from, from + READ_AT_ONCE);
          const values = await Promise.all(
            numbers.map((number) => connection.send('GET', keyOf(writer, number))),
          );
          lost.push(
            ...numbers
              .filter((number, index) => values[index] !== valueOf(number))
              .map((number) => keyOf(writer, number)),
          );
        }
      } finally {
        connection.close();
      }
    }
    return lost;
  }

  async #write(writer) {
    let connection = null;
    while (!this.#stopped) {
      const number = (writer.sent += 1);
      let sentAt = performance.now();
      try {
        if (connection === null) {
          connection = await RespConnection.open(this.#proxyOf(writer.index));
          sentAt = performance.now();
        }
        await connection.send('SET', keyOf(writer, number), valueOf(number));
        writer.acknowledged.push(number);
      } catch (error) {
        writer.errors.push(error.message);
        connection?.close();
        connection = null;
        await sleep(RECONNECT_MS);
      }
      writer.longestMs = Math.max(writer.longestMs, performance.now() - sentAt);
      await sleep(PAUSE_MS);
    }
    connection?.close();
  }

  #proxyOf(index) {
    return this.#proxies[index % this.#proxies.length];
  }
}

function keyOf({ tag }, number) {
  return `{${tag}}:${number}`;
}

function valueOf(number) {
  return `written as number ${number}`;
}
