import { type RebalanceGoal, type RouterView } from '@slotferry/cluster';
import {
  defaultRebalanceLimits,
  makePlan,
  rebalanceDefinition,
  type RebalanceLimits,
  type RebalancePlan,
  type RebalanceProgress,
} from '@slotferry/migration';
import { isEnded, type WorkflowState, type WorkflowSummary } from '@slotferry/workflow';
import { digestOf } from '../../apps/sandbox/src/pika';
import { eventually } from '../support/eventually';
import { type Lab } from '../support/lab';

const actor = { actor: 'operator:test' };
const patienceMs = 25_000;

/** Rebalances of a lab, in the words of its tests. */
export class Rebalancing {
  constructor(private readonly lab: Lab) {}

  view(): Promise<RouterView> {
    return this.lab.connections.open(this.lab.definition).router.view();
  }

  async plan(goal: RebalanceGoal, limits: Partial<RebalanceLimits> = {}): Promise<RebalancePlan> {
    return makePlan('lab', goal, await this.view(), { ...defaultRebalanceLimits, ...limits });
  }

  /** Starts a plan. Returns the workflow's id. */
  async begin({ hash, moves, limits }: RebalancePlan): Promise<string> {
    const input = { cluster: 'lab', plan: 'pl-test', hash, moves, limits };
    return (await this.lab.engine.start(rebalanceDefinition, input, actor)).id;
  }

  async beginMoving(slots: readonly number[], limits: Partial<RebalanceLimits> = {}): Promise<string> {
    const refs = slots.map((slot) => ({ table: 0, slot }));
    return this.begin(await this.plan({ kind: 'slots', slots: refs, to: 3 }, limits));
  }

  pause(id: string): Promise<unknown> {
    return this.lab.engine.steer(id, { kind: 'pause', reason: 'the test' }, actor);
  }

  resume(id: string): Promise<unknown> {
    return this.lab.engine.steer(id, { kind: 'resume' }, actor);
  }

  cancel(id: string): Promise<unknown> {
    return this.lab.engine.steer(id, { kind: 'cancel', reason: 'the test' }, actor);
  }

  /** Returns the version of the log at which the change stands. */
  async change(id: string, settings: Partial<RebalanceLimits>): Promise<number> {
    const changed = { kind: 'change', settings, reason: 'the test' } as const;
    return (await this.lab.engine.steer(id, changed, actor)).version;
  }

  children(id: string): Promise<WorkflowSummary[]> {
    return this.lab.engine.list({ parent: id, limit: 1_000 });
  }

  child(id: string, slot: number): string {
    return `${id}-s0-${slot}`;
  }

  /** Resolves when exactly or at least so many children are open, as `fits` says. */
  async untilOpen(id: string, what: string, fits: (open: number) => boolean): Promise<void> {
    const open = async (): Promise<number> =>
      (await this.children(id)).filter(({ endedAt }) => endedAt === null).length;
    await eventually(what, async () => fits(await open()), patienceMs);
  }

  untilMoved(id: string, count: number, limitMs = patienceMs): Promise<WorkflowState> {
    const moved = ({ children }: WorkflowState): number =>
      Object.values(children).filter((one) => one === 'completed').length;
    return this.lab.until(id, `${count} moved slots`, (state) => moved(state) >= count, limitMs);
  }

  async ended(id: string): Promise<WorkflowState> {
    const isOver = (state: WorkflowState): boolean => isEnded(state) || state.status === 'failed';
    return this.lab.until(id, `the end of ${id}`, isOver, patienceMs);
  }

  /** Ends what a failed test left. */
  async endAll(): Promise<void> {
    const status = ['running', 'blocked', 'failed', 'paused', 'undoing'] as const;
    const left = await this.lab.engine.list({ status, workflow: 'rebalance', limit: 10 });
    for (const { id } of left) {
      await this.cancel(id);
      await this.ended(id);
    }
  }

  /** Undefined while slots are created. */
  async progress(id: string): Promise<RebalanceProgress | undefined> {
    return (await this.lab.engine.get(id)).facts.progress as RebalanceProgress | undefined;
  }

  /** The most moves that were on their way at once, by their own logs; `of` picks some of them. */
  async mostAtOnce(
    id: string,
    of: (input: { from: number; to: number }) => boolean = () => true,
  ): Promise<number> {
    const moves = (await this.children(id)).filter(({ input }) => of(input as { from: number; to: number }));
    return Math.max(0, ...moves.map((one) => moves.filter((other) => covers(other, one.startedAt)).length));
  }

  /**
   * The router has nothing under way, and every slot is on the nodes of its group and on no others, attached as it should be, its
   * copies alike. Call it when nobody writes.
   */
  async expectTidy(): Promise<Map<number, number>> {
    const { groups, routes, proxies, handovers } = await this.view();
    expect(groups.filter(({ outOfSync, promoting }) => outOfSync || promoting)).toEqual([]);
    expect(routes.filter(({ handover }) => handover)).toEqual([]);
    expect(handovers.disabled).toBe(false);
    const { router } = this.lab.connections.open(this.lab.definition);
    const owned = routes.filter(({ group }) => group !== null);
    for (const proxy of proxies) {
      const shown = await router.proxyRoutes(proxy, owned);
      expect(shown.filter(({ locked, migrateFrom }) => locked || migrateFrom)).toEqual([]);
      expect(shown.map(({ backend }) => backend)).toEqual(
        owned.map(({ group }) => groups.find(({ id }) => id === group)?.servers[0]),
      );
    }
    for (const { slot, group } of owned) await this.expectCopies(slot, group ?? 0);
    return new Map(owned.map(({ slot, group }) => [slot, group ?? 0]));
  }

  private async expectCopies(slot: number, group: number): Promise<void> {
    const names = [`pika${2 * group - 1}`, `pika${2 * group}`] as const;
    const holders = [...this.lab.sandbox.nodes.keys()].filter(
      (name) => this.lab.node(name).findSlot({ table: 0, slot }) !== undefined,
    );
    expect({ slot, holders: holders.sort() }).toEqual({ slot, holders: names });
    const [master, replica] = names.map((name) => this.lab.node(name));
    const [own, copy] = [master, replica].map((node) => node?.findSlot({ table: 0, slot }));
    if (!own || !copy || !master || !replica) throw new Error(`slot ${slot} is not whole`);
    expect(own.attachment).toBeUndefined();
    expect(copy.attachment).toMatchObject({ master: master.address, state: 'kConnected' });
    expect(own.feeds.map(({ slave }) => slave)).toEqual([replica.address]);
    const level = (): boolean => own.feeds.every((feed) => own.lagOf(feed) === 0);
    await eventually(`slot ${slot} level on ${names.join(' and ')}`, level, patienceMs);
    expect(digestOf(copy.data, Date.now())).toEqual(digestOf(own.data, Date.now()));
  }
}

function covers({ startedAt, endedAt }: WorkflowSummary, time: number): boolean {
  return startedAt <= time && (endedAt === null || endedAt > time);
}
