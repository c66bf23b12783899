import { Redis } from 'ioredis';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../../support/eventually';
import { freePort } from '../../support/redis';
import { Child } from './children';
import { Writer } from './writer';

const name = 'group1';
const settleLimitMs = 60_000;
const askEveryMs = 5;

/** Redis as its users run it: a master with two replicas, watched by three Sentinels. */
export class Sentinels {
  private readonly directory = mkdtempSync(join(tmpdir(), 'slotferry-bench-sentinel-'));
  private readonly servers = new Map<string, Child>();
  private readonly sentinels: Child[] = [];
  private readonly asked: Redis[] = [];
  private readonly writer = new Writer(() => (this.master === '' ? [] : [this.master]), 'key');
  private master = '';
  private killed = '';
  private asking = true;

  private constructor(private readonly downAfterMs: number) {}

  static async start(downAfterMs: number): Promise<Sentinels> {
    const all = new Sentinels(downAfterMs);
    const ports = [await freePort(), await freePort(), await freePort()];
    const [first = 0] = ports;
    for (const port of ports) await all.serve(`127.0.0.1:${port}`, port === first ? null : first);
    for (let number = 1; number <= 3; number += 1) await all.watch(first);
    await all.settled();
    void all.follow();
    all.writer.start(1);
    await eventually('a first write', () => all.writer.firstAfter(0) !== null, settleLimitMs);
    return all;
  }

  /** Kills the master; milliseconds from the kill to the first write that was acknowledged after it. */
  async kill(limitMs: number): Promise<number> {
    this.killed = this.master;
    this.writer.forget();
    const since = performance.now();
    await this.servers.get(this.killed)?.kill();
    const dead = performance.now();
    const first = await eventually(
      'a write after the kill',
      () => this.writer.firstAfter(dead) ?? false,
      limitMs,
    );
    return first - since;
  }

  /** The killed one comes back as a replica, and all is as before. */
  async restore(): Promise<void> {
    await this.serve(this.killed, Number(this.master.split(':')[1]));
    await this.settled();
  }

  async stop(): Promise<void> {
    this.asking = false;
    await this.writer.stop();
    for (const client of this.asked) client.disconnect();
    await Promise.all([...this.sentinels, ...this.servers.values()].map((child) => child.kill()));
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async serve(address: string, masterPort: number | null): Promise<void> {
    const [, port = ''] = address.split(':');
    const dir = join(this.directory, port);
    mkdirSync(dir, { recursive: true });
    const args = ['--port', port, '--bind', '127.0.0.1', '--dir', dir, '--save', '', '--appendonly', 'yes'];
    if (masterPort !== null) args.push('--replicaof', '127.0.0.1', String(masterPort));
    this.servers.set(address, Child.start(`redis ${port}`, 'redis-server', args));
    await answering(address);
  }

  private async watch(masterPort: number): Promise<void> {
    const port = await freePort();
    const file = join(this.directory, `sentinel-${port}.conf`);
    writeFileSync(
      file,
      [
        `port ${port}`,
        'bind 127.0.0.1',
        `dir ${this.directory}`,
        `sentinel monitor ${name} 127.0.0.1 ${masterPort} 2`,
        `sentinel down-after-milliseconds ${name} ${this.downAfterMs}`,
        // It takes no second failover of the same master within twice this time.
        `sentinel failover-timeout ${name} 2000`,
        `sentinel parallel-syncs ${name} 2`,
      ].join('\n'),
    );
    this.sentinels.push(Child.start(`sentinel ${port}`, 'redis-server', [file, '--sentinel']));
    await answering(`127.0.0.1:${port}`);
    this.asked.push(connect(`127.0.0.1:${port}`));
  }

  /** What a client does: it asks the Sentinels where the master is, and writes there. */
  private async follow(): Promise<void> {
    for (let turn = 0; this.asking; turn += 1) {
      const sentinel = this.asked[turn % this.asked.length];
      const told = await sentinel?.call('SENTINEL', 'get-master-addr-by-name', name).catch(() => null);
      if (Array.isArray(told)) this.master = told.join(':');
      await pause(askEveryMs);
    }
  }

  /** Both replicas follow, and every Sentinel knows of both and of the two others. */
  private async settled(): Promise<void> {
    const agreed = async (): Promise<boolean> => {
      const views = await Promise.all(
        this.asked.map((one) => one.call('SENTINEL', 'master', name).catch(() => [])),
      );
      return views.every((view) => {
        const facts = pairs(view);
        return (
          facts['num-slaves'] === '2' && facts['num-other-sentinels'] === '2' && facts.flags === 'master'
        );
      });
    };
    const following = async (): Promise<boolean> => {
      const replicas = await this.asked[0]?.call('SENTINEL', 'replicas', name).catch(() => []);
      if (!Array.isArray(replicas)) return false;
      return replicas.every(
        (one) => pairs(one)['master-link-status'] === 'ok' && pairs(one).flags === 'slave',
      );
    };
    await eventually('the Sentinels at rest', async () => (await agreed()) && following(), settleLimitMs);
    // Within twice the failover's time-out Sentinel would not act again.
    await pause(4_000);
  }
}

function pairs(reply: unknown): Record<string, string> {
  const words = Array.isArray(reply) ? reply.map(String) : [];
  return Object.fromEntries(words.flatMap((word, at) => (at % 2 === 0 ? [[word, words[at + 1] ?? '']] : [])));
}

function connect(address: string): Redis {
  const [host = '', port = ''] = address.split(':');
  const client = new Redis({ host, port: Number(port), disableClientInfo: true, enableReadyCheck: false });
  client.on('error', () => undefined);
  return client;
}

async function answering(address: string): Promise<void> {
  const client = connect(address);
  await eventually(
    `${address} answering`,
    async () => (await client.ping().catch(() => '')) === 'PONG',
    10_000,
  );
  client.disconnect();
}
