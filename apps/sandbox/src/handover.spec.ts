import { setTimeout as sleep } from 'node:timers/promises';
import { dashboardXauth } from './codis/protocol/xauth';
import { type PikaNode } from './pika';
import { RespConnection } from './resp';
import { type Sandbox, startSandbox } from './sandbox';

// Slot 579 is the slot of key "a". It belongs to group 2: pika3 and pika4.
const SLOT = 579;
const LIMIT_MS = 10_000;

/** The documented procedure by hand, while a client goes on counting. */
describe('handing a slot over from one group to another', () => {
  let sandbox: Sandbox;
  const connections = new Map<string, RespConnection>();

  const node = (name: string): PikaNode => {
    const found = sandbox.nodes.get(name);
    if (!found) throw new Error(`There is no ${name}`);
    return found;
  };

  const ask = async (address: string, line: string): Promise<string> => {
    let connection = connections.get(address);
    if (!connection) {
      const [host, port] = address.split(':');
      connection = await RespConnection.connect({ host: host ?? '', port: Number(port) });
      connections.set(address, connection);
    }
    const reply = await connection.send(line.split(' '));
    if (reply.type === 'bulk') return reply.data?.toString() ?? '(nil)';
    return reply.type === 'simple' || reply.type === 'error' ? reply.text : JSON.stringify(reply);
  };

  const pkcluster = (name: string, line: string): Promise<string> =>
    ask(node(name).address, `pkcluster ${line}`);

  const put = async (path: string): Promise<void> => {
    const [verb = '', rest = ''] = path.split(' ');
    const xauth = dashboardXauth('lab');
    const url = `http://${sandbox.dashboard.process.address}/api/topom/${verb}/${xauth}/${rest}`;
    const response = await fetch(url, { method: 'PUT' });
    expect([path, await response.text()]).toEqual([path, '"OK"']);
  };

  const until = async (what: () => Promise<boolean>): Promise<void> => {
    const deadline = Date.now() + LIMIT_MS;
    while (!(await what())) {
      if (Date.now() > deadline) throw new Error(`Never came true: ${what.toString()}`);
      await sleep(2);
    }
  };

  const slotOfDashboard = async (): Promise<{ group_id: number; action: { state?: string } }> => {
    const stats = (await (await fetch(`http://${sandbox.dashboard.process.address}/topom/stats`)).json()) as {
      slots: { id: number; group_id: number; action: { state?: string } }[];
    };
    return stats.slots.find(({ id }) => id === SLOT) ?? { group_id: 0, action: {} };
  };

  beforeAll(async () => {
    sandbox = await startSandbox({ speed: 10 });
  });

  afterAll(async () => {
    for (const connection of connections.values()) connection.close();
    await sandbox.close();
  });

  it('loses no acknowledged write', async () => {
    const [proxy] = sandbox.topology().proxies;
    const client = proxy?.client ?? '';
    let acknowledged = 0;
    let isOver = false;
    const counting = (async (): Promise<void> => {
      while (!isOver) {
        acknowledged = (JSON.parse(await ask(client, 'incr a')) as { value: number }).value;
        await sleep(1);
      }
    })();

    await put('group/create 3');
    await put(`group/add 3/${node('pika5').address}`);
    await put(`group/add 3/${node('pika6').address}`);
    expect(await pkcluster('pika5', `addslots ${SLOT}`)).toBe('OK');
    expect(await pkcluster('pika6', `addslots ${SLOT}`)).toBe('OK');
    await pkcluster('pika5', `slotsslaveof 127.0.0.1 ${node('pika3').port} ${SLOT}`);
    await until(async () => (await pkcluster('pika5', `info slot ${SLOT}`)).includes('kConnected'));
    await pkcluster('pika6', `slotsslaveof 127.0.0.1 ${node('pika5').port} ${SLOT}`);
    await until(async () => (await pkcluster('pika6', `info slot ${SLOT}`)).includes('kConnected'));

    await put(`slots/action/create ${SLOT}/3`);
    await until(async () => (await slotOfDashboard()).action.state === 'migrating');
    const held = acknowledged;
    await until(async () => {
      const info = await pkcluster('pika3', `info slot ${SLOT}`);
      return [...info.matchAll(/lag: (\d+)/g)].every(([, lag]) => lag === '0');
    });
    await sleep(20);
    expect(acknowledged - held).toBeLessThanOrEqual(1);
    expect(await pkcluster('pika5', `slotsslaveof no one ${SLOT}`)).toBe('OK');
    await until(async () => {
      const slot = await slotOfDashboard();
      return slot.group_id === 3 && !slot.action.state;
    });
    await until(async () => acknowledged > held + 20);
    isOver = true;
    await counting;

    expect(await ask(client, 'get a')).toBe(String(acknowledged));
    expect(await ask(node('pika5').address, 'get a')).toBe(String(acknowledged));
    await until(async () => (await ask(node('pika6').address, 'get a')) === String(acknowledged));
    expect(node('pika3').counters.wrapperQuestions).toBeGreaterThan(0);
  });
});
