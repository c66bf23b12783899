import { slotOfKey } from '@slotferry/cluster';
import { Redis } from 'ioredis';
import { setTimeout as pause } from 'node:timers/promises';
import { type WriterOrder, type WriterReport } from './writers';
import { wallClock } from './wall-clock';

/** Clients that write until they are told to stop. In a process of its own: nothing else may make them late. */
const pauseMs = 2;
const answerLimitMs = 60_000;
const readAtOnce = 200;
/** Waits shorter than this are of no interest to anybody, in milliseconds. */
const notedFromMs = 3;

let stopped = false;

class Client {
  readonly waits: { slot: number; from: number; to: number }[] = [];
  readonly errors: string[] = [];
  acknowledged: { key: string; value: string }[] = [];
  private readonly redis: Redis;

  constructor(
    private readonly name: string,
    proxy: string,
    private readonly slots: readonly { slot: number; tag: string }[],
  ) {
    this.redis = connect(proxy);
    this.redis.on('error', (error: Error) => this.errors.push(error.message));
  }

  async write(): Promise<void> {
    for (let number = 0; !stopped; number += 1) {
      const { slot, tag } = this.slots[number % this.slots.length] ?? { slot: 0, tag: '' };
      const [key, value] = [`{${tag}}:${this.name}:${number}`, `number ${number}`];
      const from = wallClock();
      await this.redis.set(key, value).then(
        () => this.acknowledged.push({ key, value }),
        (error: Error) => this.errors.push(error.message),
      );
      const to = wallClock();
      if (to - from >= notedFromMs) this.waits.push({ slot, from, to });
      await pause(pauseMs);
    }
    this.redis.disconnect();
  }
}

function connect(proxy: string): Redis {
  const [host = '', port = ''] = proxy.split(':');
  return new Redis({
    host,
    port: Number(port),
    disableClientInfo: true,
    enableReadyCheck: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 5_000,
    commandTimeout: answerLimitMs,
  });
}

/** Reads everything back, through the other proxy than it was written through. */
async function lostOf(client: Client, proxy: string): Promise<string[]> {
  const redis = connect(proxy);
  const lost: string[] = [];
  for (let done = 0; done < client.acknowledged.length; done += readAtOnce) {
    const part = client.acknowledged.slice(done, done + readAtOnce);
    const values = await Promise.all(part.map(({ key }) => redis.get(key)));
    lost.push(...part.filter(({ value }, index) => values[index] !== value).map(({ key }) => key));
  }
  redis.disconnect();
  return lost;
}

async function run({ proxies, slots, clients }: WriterOrder): Promise<WriterReport> {
  const tagged = slots.map((slot) => ({ slot, tag: tagOf(slot) }));
  const proxyOf = (index: number): string => proxies[index % proxies.length] ?? '';
  const all = Array.from({ length: clients }, (_, index) => {
    const turned = Math.floor((index * slots.length) / clients);
    return new Client(`client${index}`, proxyOf(index), [
      ...tagged.slice(turned),
      ...tagged.slice(0, turned),
    ]);
  });
  const writing = all.map((client) => client.write());
  while (all.some(({ acknowledged }) => acknowledged.length === 0)) await pause(10);
  process.send?.('writing');
  await Promise.all(writing);
  const lost = await Promise.all(all.map((client, index) => lostOf(client, proxyOf(index + 1))));
  return {
    acknowledged: all.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0),
    errors: all.flatMap(({ errors }) => errors),
    lost: lost.flat(),
    waits: all.flatMap(({ waits }) => waits),
  };
}

function tagOf(slot: number): string {
  for (let number = 0; ; number += 1) {
    if (slotOfKey(`t${number}`, 1_024) === slot) return `t${number}`;
  }
}

process.on('message', (message) => {
  if (message === 'stop') {
    stopped = true;
    return;
  }
  run(message as WriterOrder).then(
    (report) => process.send?.(report),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit(0));
