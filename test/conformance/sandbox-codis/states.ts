import { array, failure, integer, OK } from '../../../apps/sandbox/src/resp';
import { type CodisLab } from './codis-lab';
import { isLastFill, isUnlockOfMigration } from './fake-proxy';

/** Brings a lab into the state in which a case was recorded. */
export type Prepare = (lab: CodisLab) => Promise<unknown>;

/** Groups with their servers: `18202/dc1` is the server at recorded port 18202 in datacenter `dc1`. */
export function groups(wanted: Record<number, readonly string[]>): Prepare {
  return async (lab) => {
    for (const [id, servers] of Object.entries(wanted)) {
      await lab.done(`group/create/X/${id}`);
      for (const server of servers) {
        const [port, datacenter] = server.split('/');
        const { address } = await lab.node(Number(port));
        await lab.done(`group/add/X/${id}/${address}${datacenter ? `/${datacenter}` : ''}`);
      }
    }
  };
}

/** The three groups that most cases were recorded with. */
export const threeGroups = groups({ 1: ['18201', '18202/dc1'], 2: ['18211'], 3: [] });

/** Servers that run and belong to no group. */
export function nodes(...ports: number[]): Prepare {
  return async (lab) => {
    for (const port of ports) await lab.node(port);
  };
}

/** Proxies that run and are not registered. */
export function loneProxies(...ports: number[]): Prepare {
  return async (lab) => {
    for (const port of ports) await lab.proxy(port);
  };
}

export function proxies(...ports: number[]): Prepare {
  return async (lab) => {
    for (const port of ports) await lab.done(`proxy/create/X/${(await lab.proxy(port)).adminAddress}`);
  };
}

export const twoProxies = proxies(18101, 18102);

/** Registers a proxy that fails the chosen calls. */
export function fakeProxy(mode: 'healthy' | 'fails to unlock' | 'fails the last fill'): Prepare {
  return async (lab) => {
    const fake = await lab.fake();
    await lab.done(`proxy/create/X/${fake.address}`);
    if (mode !== 'healthy') fake.fails = mode === 'fails to unlock' ? isUnlockOfMigration : isLastFill;
  };
}

/** Slots by range, both ends included. */
export function assign(group: number, ...ranges: readonly (readonly [number, number])[]): Prepare {
  return (lab) => {
    const ids = ranges.flatMap(([first, last]) =>
      Array.from({ length: last - first + 1 }, (_, at) => first + at),
    );
    return lab.done(
      `slots/assign/X`,
      ids.map((id) => ({ id, group_id: group })),
    );
  };
}

/** 0-511 in group 1, 512-999 in group 2, the rest offline. */
export const spread = all(assign(1, [0, 511]), assign(2, [512, 999]));

export function all(...steps: readonly Prepare[]): Prepare {
  return async (lab) => {
    for (const step of steps) await step(lab);
  };
}

/** Calls to the dashboard that must succeed. */
export function done(...paths: readonly string[]): Prepare {
  return async (lab) => {
    for (const path of paths) await lab.done(await located(lab, path));
  };
}

/** A call to the dashboard that must be refused. */
export function refused(path: string): Prepare {
  return async (lab) => {
    const reply = await lab.put(await located(lab, path));
    if (!reply.statusLine.includes(' 800 ')) throw new Error(`${path}: ${reply.statusLine}`);
  };
}

export const disabled = done('slots/action/disabled/X/1');
export const slow = done('slots/action/interval/X/1000000');

export function deadProxy(port: number): Prepare {
  return async (lab) => (await lab.proxy(port)).crash();
}

export function deadNode(port: number): Prepare {
  return async (lab) => (await lab.node(port)).close();
}

export function frozenNode(port: number): Prepare {
  return async (lab) => (await lab.node(port)).freeze();
}

/** What a server answers to the dashboard when it moves slots. */
export function answers(port: number, remaining: number | string): Prepare {
  return async (lab) => {
    const reply = typeof remaining === 'number' ? integer(remaining) : failure(remaining);
    (await lab.node(port)).answers.remaining = () => reply;
  };
}

/** A server that can be repointed, or that fails at the end of it. */
export function repointable(port: number, ending: 'well' | 'badly'): Prepare {
  const last = ending === 'well' ? OK : failure('ERR The server is running without a config file');
  return async (lab) => {
    (await lab.node(port)).answers.exec = () => array([OK, OK, last, integer(1)]);
  };
}

/** Waits until an action of the slot is in that state. */
export function slotIs(id: number, state: string): Prepare {
  return (lab) => lab.untilStats(`slot ${id} ${state}`, (stats) => stats.slots[id]?.action.state === state);
}

export function statusIs(text: string): Prepare {
  return (lab) =>
    lab.untilStats(`status ${text}`, ({ slot_action }) => {
      const { address = '' } = lab.parts.nodes.get(18252) ?? {};
      return slot_action.progress.status === text.replace('127.0.0.1:18252', address);
    });
}

export const executorBusy: Prepare = (lab) =>
  lab.untilStats('a step under way', ({ slot_action }) => slot_action.executor === 1);

/** Waits until every server and proxy has a sample, and every proxy that answers is online. */
export const sampled: Prepare = (lab) =>
  lab.untilStats('all sampled', ({ group, proxy }) => {
    const servers = group.models.flatMap((model) => (model as unknown as { servers: object[] }).servers);
    const samples = Object.values(proxy.stats);
    return (
      Object.keys(group.stats).length === servers.length &&
      samples.length === proxy.models.length &&
      samples.every((sample) => sample.stats?.online !== false)
    );
  });

/**
 * Waits until so many servers or proxies have a sample with that key. The first error of one that died may be the request it broke off
 * in the middle (EOF); the recordings hold what the dashboard says from then on, that nobody listens.
 */
export function sampleHas(part: 'group' | 'proxy', count: number, key: 'error' | 'timeout'): Prepare {
  return (lab) =>
    lab.untilStats(`${part} sample with ${key}`, (stats) => {
      const samples = Object.values(stats[part].stats).filter((sample) => key in sample);
      return (
        samples.length === count && samples.every((sample) => !('error' in sample) || refuses(sample.error))
      );
    });
}

function refuses(error: unknown): boolean {
  return JSON.stringify(error).includes('connection refused');
}

/** Recorded ports in a path become the addresses of the lab's servers. */
async function located(lab: CodisLab, path: string): Promise<string> {
  const port = /127\.0\.0\.1:(18\d+)/.exec(path)?.[1];
  if (port === undefined) return path;
  return path.replace(`127.0.0.1:${port}`, (await lab.node(Number(port))).address);
}
