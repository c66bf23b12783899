import { type ClusterDefinition, DEFAULT_FAILOVER, type Router } from '@slotferry/cluster';
import {
  type Promotion,
  RedisFailoverMemory,
  switchoverDefinition,
  type SwitchoverInput,
} from '@slotferry/failover';
import { ClusterConnections, ClusterRegistry } from '@slotferry/inventory';
import { openRedis, Redactor } from '@slotferry/platform';
import type { WorkflowState } from '@slotferry/workflow';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { digestOf } from '../../apps/sandbox/src/pika';
import { type Sandbox, startSandbox } from '../../apps/sandbox/src/sandbox';
import type { Tap, TappedCommand, TapVerdict } from '../../apps/sandbox/src/tap';
import { eventually } from '../support/eventually';
import { Lab } from '../support/lab';
import { Load, type LoadReport } from '../support/load';
import { startRedis } from '../support/redis';
import { namespace, startSwitchoverWorker } from './switchover-worker';

/** Slots of each of the two groups. */
export const slotsPerGroup = 24;
export const budgetMs = 1_500;
const patienceMs = 20_000;
/** A process compiles all it needs. */
const startLimitMs = 25_000;
/** The slots of group 1. */
const slots = Array.from({ length: slotsPerGroup }, (_, slot) => slot);

/** A proxy is told to hold requests, by whomever. */
export const isHold = ({ text }: TappedCommand): boolean =>
  text.startsWith('PUT /api/proxy/fillslots/') && /"locked":\s*true/.test(text);
/** The dashboard is told to promote a server. */
export const isPromotion = ({ text }: TappedCommand): boolean => text.includes('/group/promote/');
/** A node is told to follow nobody. */
export const isDetach = ({ text }: TappedCommand): boolean => text.includes('slotsslaveof no one');

/** Two groups of three nodes, and workers that can be killed. Group 1 is pika1, pika2 and pika3. */
export class SwitchingScene {
  private readonly workers: { close(): Promise<void> }[] = [];

  private constructor(readonly lab: Lab) {}

  static async start(): Promise<SwitchingScene> {
    const [redis, sandbox] = await Promise.all([
      startRedis(),
      startSandbox({
        groups: 2,
        replicas: 2,
        slots: 2 * slotsPerGroup,
        speed: 'zero',
        peerTimeoutMs: 1_000,
        dashboardTimings: { idleMs: 50, afterErrorMs: 200 },
      }),
    ]);
    const definition = definitionOf(sandbox);
    const client = openRedis(redis.url, { role: 'command' });
    await new ClusterRegistry(client, namespace).save(definition, 'operator:test');
    const connections = new ClusterConnections(new Redactor());
    const { router } = connections.open(definition);
    for (const { id } of definition.groups) await router.resyncGroup(id);
    return new SwitchingScene(new Lab(redis, sandbox, definition, connections, client));
  }

  /** A worker in this process. */
  hire(name: string): void {
    this.workers.push(startSwitchoverWorker(this.lab.redis.url, name));
  }

  /** Ends the workers of this process. */
  async dismiss(): Promise<void> {
    await Promise.all(this.workers.splice(0).map((worker) => worker.close()));
  }

  /** A worker in a process of its own; resolves when it takes work. */
  async hireProcess(name: string): Promise<{ kill(): Promise<void> }> {
    const loader = join(__dirname, '../support/run-typescript.cjs');
    const main = join(__dirname, 'switchover-worker.ts');
    const child: ChildProcess = spawn(process.execPath, ['-r', loader, main, this.lab.redis.url, name], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const kill = async (): Promise<void> => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    };
    this.workers.push({ close: kill });
    await once(child, 'message', { signal: AbortSignal.timeout(startLimitMs) });
    return { kill };
  }

  async stop(): Promise<void> {
    await this.dismiss();
    await this.lab.stop();
  }

  get router(): Router {
    return this.lab.connections.open(this.lab.definition).router;
  }

  address(name: string): string {
    return this.lab.node(name).address;
  }

  nameOf(address: string): string {
    return [...this.lab.sandbox.nodes.values()].find((node) => node.address === address)?.name ?? address;
  }

  /** Names of group 1's servers, the master first. */
  async servers(): Promise<string[]> {
    const { groups } = await this.router.view();
    return groups.find(({ id }) => id === 1)?.servers.map((address) => this.nameOf(address)) ?? [];
  }

  async input(to: string, more: Partial<SwitchoverInput> = {}): Promise<SwitchoverInput> {
    const [from = ''] = await this.servers();
    const names = { from: this.address(from), to: this.address(to) };
    return { cluster: 'lab', group: 1, ...names, acceptLoss: false, notBefore: '', ...more };
  }

  async switchOver(to: string, more: Partial<SwitchoverInput> = {}): Promise<string> {
    const input = await this.input(to, more);
    return (await this.lab.engine.start(switchoverDefinition, input, { actor: 'operator:test' })).id;
  }

  async completed(id: string): Promise<WorkflowState> {
    const isOver = ({ status }: WorkflowState): boolean =>
      ['completed', 'cancelled', 'failed'].includes(status);
    const state = await this.lab.until(id, `the end of ${id}`, isOver, patienceMs);
    if (state.status !== 'completed') throw new Error(await this.lab.story(id));
    return state;
  }

  /** Resolves when the workflow has waited for that reason. Returns what it said. */
  async waited(id: string, code: string): Promise<string> {
    let message = '';
    await this.lab.until(
      id,
      `a wait for ${code}`,
      (_state, events) =>
        events.some((event) => {
          if (event.type !== 'phase-waited' || event.data.code !== code) return false;
          message = event.data.message;
          return true;
        }),
      patienceMs,
    );
    return message;
  }

  blocked(id: string, code: string): Promise<WorkflowState> {
    const isBlocked = ({ blocked }: WorkflowState): boolean => blocked?.problem.code === code;
    return this.lab.until(id, `a block by ${code}`, isBlocked, patienceMs);
  }

  eventually(what: string, look: () => Promise<boolean> | boolean): Promise<true> {
    return eventually(what, async () => (await look()) || false, patienceMs);
  }

  /**
   * Does something once, in that moment of that command. `drop`: as if the line to whoever sent it had been cut then. Resolves when it
   * was done.
   */
  when(
    server: string,
    is: (command: TappedCommand) => boolean,
    moment: TappedCommand['moment'],
    act: () => Promise<unknown> | void,
    verdict: TapVerdict = 'pass',
  ): Promise<void> {
    const tapped = this.lab.server(server);
    let armed = true;
    return new Promise((resolve, reject) => {
      const tap: Tap = async (command) => {
        if (!armed || command.moment !== moment || !is(command)) return 'pass';
        armed = false;
        tapped.tap = undefined;
        clearTimeout(timer);
        await Promise.resolve(act()).then(() => resolve(), reject);
        return verdict;
      };
      const timer = setTimeout(() => {
        tapped.tap = undefined;
        reject(new Error(`within ${patienceMs} ms ${server} did not get the command`));
      }, patienceMs);
      tapped.tap = tap;
    });
  }

  /** Master and first replica of group 1 as they are now. */
  async pair(): Promise<{ master: string; replica: string }> {
    const [master = '', replica = ''] = await this.servers();
    return { master, replica };
  }

  /**
   * Lets the master change places with its first replica while clients write to slots all over the group, and checks that they noticed
   * nothing but a pause.
   */
  async underLoad(
    disturb: (id: string) => Promise<unknown> = () => Promise.resolve(),
    through: readonly string[] = this.lab.proxies,
  ): Promise<{ id: string; to: string; report: LoadReport }> {
    const { replica } = await this.pair();
    // A third of the slots: more clients would only measure how busy the machine is.
    const load = await Load.start(
      through,
      slots.filter((slot) => slot % 3 === 0),
    );
    let report: LoadReport;
    const id = await this.switchOver(replica);
    try {
      await disturb(id);
      await this.completed(id);
    } catch (error) {
      throw new Error(`${String(error)}\n${await this.lab.story(id)}`, { cause: error });
    } finally {
      report = await load.stop();
    }
    expect({ lost: report.lost, errors: report.errors }).toEqual({ lost: [], errors: [] });
    await this.expectInPlace(replica);
    return { id, to: replica, report };
  }

  /** Clients are served by the master of group 1: its position moves. */
  async clientsGoOn(): Promise<void> {
    const node = this.lab.node((await this.pair()).master);
    const position = (): number => node.findSlot({ table: 0, slot: 0 })?.binlog.position.offset ?? 0;
    const before = position();
    await this.eventually('writes at the master', () => position() > before);
  }

  /** Holds back what the master of group 1 sends to its replicas, as requests are about to be held; resolves when some is missing there. */
  async stallReplication(): Promise<void> {
    const node = this.lab.node((await this.pair()).master);
    await this.when('proxy1', isHold, 'received', async () => {
      node.holdsReplication = true;
      await this.clientsGoOn();
    });
  }

  proxy(name: string): NonNullable<ReturnType<Sandbox['proxies']['get']>> {
    const found = this.lab.sandbox.proxies.get(name);
    if (!found) throw new Error(`there is no ${name}`);
    return found;
  }

  async promotion(): Promise<Promotion | null> {
    return (await new RedisFailoverMemory(this.lab.client, namespace).group('lab', 1)).promotion;
  }

  async cancel(id: string): Promise<WorkflowState> {
    const { engine } = this.lab;
    await engine.steer(id, { kind: 'cancel', reason: 'the test' }, { actor: 'operator:test' });
    return this.lab.untilEnded(id, patienceMs);
  }

  /** `master` serves clients through every proxy; the other nodes of group 1 follow it and hold the same, slot by slot. */
  async expectInPlace(master: string): Promise<void> {
    const view = await this.router.view();
    const refs = slots.map((slot) => ({ table: 0, slot }));
    expect((await this.servers())[0]).toBe(master);
    expect(view.groups.filter(({ promoting, outOfSync }) => promoting || outOfSync)).toEqual([]);
    expect(view.handovers.disabled).toBe(false);
    for (const proxy of view.proxies) {
      // One that was restarted has no routes until the dashboard notices.
      await this.eventually(`clients of ${proxy.admin} at ${master}`, async () => {
        const routes = await this.router.proxyRoutes(proxy, refs);
        return routes.every(({ backend, locked }) => !locked && backend === this.address(master));
      });
    }
    for (const replica of (await this.servers()).slice(1)) {
      await this.eventually(`${replica} level with ${master}`, () =>
        slots.every((slot) => this.isLevel(master, replica, slot)),
      );
    }
  }

  /** Ends every fault, whatever a failed test left. */
  async recover(): Promise<void> {
    const { dashboard, proxies, nodes } = this.lab.sandbox;
    for (const node of nodes.values()) {
      node.tap = undefined;
      node.holdsReplication = false;
      if (node.condition === 'down') await node.restart();
      node.thaw();
    }
    for (const process of [dashboard, ...proxies.values()]) {
      process.process.tap = undefined;
      if (process.condition !== 'running')
        await process.apply(process.condition === 'down' ? 'restart' : 'thaw');
    }
  }

  private isLevel(master: string, replica: string, slot: number): boolean {
    const [own, copy] = [master, replica].map((name) => this.lab.node(name).findSlot({ table: 0, slot }));
    if (!own || !copy || own.attachment || copy.attachment?.master !== this.address(master)) return false;
    const feed = own.feedOf(this.address(replica));
    if (!feed || own.lagOf(feed) !== 0) return false;
    const now = Date.now();
    return JSON.stringify(digestOf(copy.data, now)) === JSON.stringify(digestOf(own.data, now));
  }
}

function definitionOf(sandbox: Sandbox): ClusterDefinition {
  const addresses = [...sandbox.nodes.values()].map(({ address }) => address);
  const group = (id: number) => ({
    id,
    nodes: addresses.slice(3 * id - 3, 3 * id) as [string, ...string[]],
    slots: [
      { table: 0, slots: Array.from({ length: slotsPerGroup }, (_, n) => (id - 1) * slotsPerGroup + n) },
    ],
  });
  return {
    name: 'lab',
    router: {
      kind: 'codis',
      dashboard: `http://${sandbox.dashboard.process.address}`,
      product: sandbox.options.product,
      productAuth: null,
      proxies: [...sandbox.proxies.values()].map(({ process }) => process.adminAddress),
    },
    pika: { auth: null },
    migration: { holdBudgetMs: budgetMs, maxStallMs: 100, lagThresholdBytes: 1_048_576, handover: 'auto' },
    failover: DEFAULT_FAILOVER,
    tables: [{ id: 0, slots: 1_024 }],
    groups: [group(1), group(2)],
  };
}
