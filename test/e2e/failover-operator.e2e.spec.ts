import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DEFAULT_FAILOVER } from '@slotferry/cluster';
import { ClusterRegistry } from '@slotferry/inventory';
import { FailoverModule } from '../../apps/failover/src/failover.module';
import { type Lab, startLab } from '../support/lab';
import { startApi, type TestApi } from './support/api';
import { buildCli, type Ended, startCli } from './support/cli';
import { until } from './support/until';

jest.setTimeout(60_000);

let lab: Lab;
let api: TestApi;
let worker: INestApplicationContext;
let home: string;
let hooks: Server;
let heard: Record<string, unknown>[];
let veto: string | null;

/** An operator with a hook that is asked and one that is told, and a cluster whose failovers have to be approved. */
beforeAll(async () => {
  buildCli();
  [heard, veto] = [[], null];
  hooks = createServer((incoming, response) => {
    void incoming.toArray().then((chunks) => {
      heard.push(JSON.parse(Buffer.concat(chunks as Buffer[]).toString()) as Record<string, unknown>);
      response.end(JSON.stringify({ veto: incoming.url === '/may-i' ? veto : null }));
    });
  }).listen(0, '127.0.0.1');
  await once(hooks, 'listening');
  home = await mkdtemp(join(tmpdir(), 'slotferry-cli-'));
  lab = await startLab({ slotsPerGroup: 4, handover: 'auto' });
  api = await startApi(lab.redis.url);
  const url = `http://127.0.0.1:${(hooks.address() as AddressInfo).port}`;
  await new ClusterRegistry(lab.client, api.configuration.namespace).save(
    {
      ...lab.definition,
      failover: {
        ...DEFAULT_FAILOVER,
        mode: 'propose',
        downAfterMs: 500,
        notify: {
          ...DEFAULT_FAILOVER.notify,
          webhooks: [
            { url: `${url}/may-i`, secret: null, when: 'before' },
            { url: `${url}/news`, secret: null, when: 'after' },
          ],
        },
      },
    },
    'operator:test',
  );
  worker = await NestFactory.createApplicationContext(FailoverModule.with(api.configuration), {
    logger: false,
  });
}, 120_000);

afterAll(async () => {
  await worker?.close();
  await api?.close();
  await lab?.stop();
  hooks?.closeAllConnections();
  hooks?.close();
  await rm(home, { recursive: true, force: true });
});

const slotferry = (...args: string[]): Promise<Ended> =>
  startCli(args, { SLOTFERRY_URL: api.url, SLOTFERRY_DATA_DIR: api.dataDir }, home).ended;
const events = (): unknown[] => heard.map(({ event }) => event);
const masterOf = async (group: number): Promise<string | undefined> => {
  const { groups } = await lab.connections.open(lab.definition).router.view();
  return groups.find(({ id }) => id === group)?.servers[0];
};

it('a switchover through the command line', async () => {
  const [from = '', to = ''] = lab.definition.groups[1]?.nodes ?? [];
  const wanted = ['switchover', '--cluster', 'lab', '--group', '2', '--to', to];
  // The cluster has just been set up: its replica may not be level yet.
  await until('that nothing stands against it', async () => {
    return (await slotferry(...wanted, '--dry-run')).code === 0;
  });
  const { code, stdout, stderr } = await slotferry(...wanted, '--wait');
  expect({ stdout, stderr }).toMatchObject({ stdout: expect.stringMatching(/\nsw-\w+ completed in/) });
  expect(code).toBe(0);
  expect(await masterOf(2)).toBe(to);
  expect(heard).toMatchObject([
    { event: 'switchover-starting', cluster: 'lab', group: 2, details: { from, to } },
    { event: 'switchover-completed', cluster: 'lab', group: 2 },
  ]);
});

it('a switchover that a hook refuses is told, and goes on when it is approved', async () => {
  const [to = ''] = lab.definition.groups[1]?.nodes ?? [];
  heard = [];
  veto = 'month end';
  const refused = await slotferry(
    ...['switchover', '--cluster', 'lab', '--group', '2', '--to', to, '--wait'],
  );
  expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining('month end') });
  const id = /slotferry workflow retry (sw-\w+)/.exec(refused.stderr)?.[1] ?? '';
  await until('the news of it', () => events().includes('switchover-blocked'));
  const approved = await slotferry('failover', 'approve', id, '--code', 'vetoed', '--wait');
  expect(approved.code).toBe(0);
  expect(await masterOf(2)).toBe(to);
  expect(events().filter((event) => event === 'switchover-blocked')).toHaveLength(1);
});

it('a failover that is proposed, refused by a hook, approved twice, and acknowledged', async () => {
  const [, replica] = lab.definition.groups[0]?.nodes ?? [];
  heard = [];
  veto = 'stock taking';
  await lab.node('pika1').crash();
  const blockedBy = (code: string): Promise<string> =>
    until(`a failover blocked by ${code}`, async () => {
      const [found] = await api.engine.list({ workflow: 'failover', status: ['blocked'], limit: 1 });
      return found?.problem?.code === code ? found.id : null;
    });

  const id = await blockedBy('approval-needed');
  const shown = await slotferry('failover', 'approve', id);
  expect(shown.stdout).toContain(`${replica} becomes master`);
  expect(shown.code).toBe(3);
  expect((await slotferry('failover', 'status', '--cluster', 'lab')).stdout).toMatch(
    new RegExp(`^1 .+ propose +MasterDead +under-way .+${id} blocked at confirm$`, 'm'),
  );

  expect((await slotferry('failover', 'approve', id, '--code', 'approval-needed')).code).toBe(0);
  await blockedBy('vetoed');
  const approved = await slotferry('failover', 'approve', id, '--code', 'vetoed', '--wait');
  expect(approved.stdout).toContain(`${id} completed in`);
  expect(approved.code).toBe(0);
  expect(await masterOf(1)).toBe(replica);
  expect(events()).toEqual([
    'failover-blocked',
    'failover-starting',
    'failover-blocked',
    'failover-completed',
  ]);

  const history = await slotferry('failover', 'history', '--cluster', 'lab', '--group', '1');
  expect(history.stdout).toMatch(/decision +failover-completed/);
  expect(history.stdout).toContain('stock taking');
  const acknowledged = await slotferry('failover', 'ack', '--cluster', 'lab');
  expect(acknowledged.stdout).toContain('the block of group 1 ended');
});

it('the old master is found when it returns, and mended', async () => {
  await lab.node('pika1').restart();
  const lookFor = async (part: string): Promise<boolean> =>
    (await slotferry('heal', '--cluster', 'lab', '--dry-run')).stdout.includes(part);
  await until('a rejoin', async () => (await api.engine.list({ workflow: 'rejoin', limit: 1 })).length > 0);
  await until('the rejoin to be through', async () => {
    const [rejoin] = await api.engine.list({ workflow: 'rejoin', limit: 1 });
    return rejoin?.status === 'completed';
  });
  expect(await until('a group that is whole', () => lookFor('all replicas follow their masters'))).toBe(true);
});
