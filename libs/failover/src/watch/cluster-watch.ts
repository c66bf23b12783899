import { judge, type GroupAnalysis, type WatchedGroup, type WorkerVote } from '@slotferry/cluster';
import type { OpenCluster } from '@slotferry/inventory';
import type { SlotInfo } from '@slotferry/pika';
import type { Logger } from '@slotferry/platform';
import type { WorkflowEngine } from '@slotferry/workflow';
import type { FailoverMemory, SeenNode } from '../store/types';
import { Chronicle } from './chronicle';
import { epochToCome, type Facts, readFacts } from './facts';
import { calmHeartbeatMs, fairVotes, liveMs, suspectHeartbeatMs, writerOf } from './fair-votes';
import { Healer } from './healer';
import type { NodeProbe } from './node-probe';
import { OneAtATime } from './one-at-a-time';
import { Probes } from './probes';
import { SlotLooks, totalLag } from './slot-looks';
import { Starter } from './starter';
import { Trouble } from './trouble';
import { VotePublisher } from './vote-publisher';

export interface ClusterWatchParts {
  readonly worker: string;
  readonly memory: FailoverMemory;
  readonly engine: WorkflowEngine;
  readonly logger: Logger;
  /** The watch clock. */
  readonly now: () => number;
}

/** Between two looks at router and memory, in milliseconds. */
const factsEveryMs = 1_000;
/** The router may take so long before its last view counts, in milliseconds. */
const routerMs = 3_000;
/** And so long where a dead master waits for it. */
const hastyRouterMs = 500;

/** One worker's watch over one cluster: probes, votes, judgement, and what follows from it. */
export class ClusterWatch {
  private readonly name: string;
  private readonly probes: Probes;
  private readonly publisher: VotePublisher;
  private readonly judging = new OneAtATime(() => this.attempt('the judgement', () => this.judge()));
  private readonly minding = new OneAtATime(() =>
    this.attempt('the look at router and memory', () => this.mind()),
  );
  private readonly chronicle: Chronicle;
  private readonly starter: Starter;
  private readonly healer: Healer;
  private readonly looks = new SlotLooks();
  private readonly trouble: Trouble;
  private seen = new Map<string, SeenNode>();
  private facts: Facts | null = null;
  private nextFacts = -Infinity;
  /** True while this worker is the one who writes what needs only one writer. */
  private writes = false;
  private stopped = false;

  constructor(
    private cluster: OpenCluster,
    private readonly parts: ClusterWatchParts,
  ) {
    const { memory, worker, engine, logger, now } = parts;
    const { name } = cluster.definition;
    this.name = name;
    this.trouble = new Trouble(logger);
    this.chronicle = new Chronicle(name, memory);
    this.starter = new Starter({ cluster: name, worker, memory, engine });
    this.healer = new Healer({ cluster: name, worker, memory, engine });
    this.publisher = new VotePublisher(() => this.attempt('the vote', () => this.vote()), now);
    this.probes = new Probes(now, {
      changed: () => this.publisher.soon(),
      restarted: (probe) => void this.attempt('the history', () => this.tellRestart(probe)),
      slots: (probe, slots) => void this.attempt('the record of a look', () => this.saw(probe, slots)),
      unreadable: (probe, error) => this.trouble.tell(`reading the answers of ${probe.address}`, error),
    });
  }

  /** Called every few ms. */
  tick(now: number): void {
    this.probes.tick(now);
    this.publisher.tick(now, this.probes.suspects(now) ? suspectHeartbeatMs : calmHeartbeatMs);
    if (now < this.nextFacts) return;
    this.nextFacts = now + factsEveryMs;
    this.minding.wake();
  }

  /** Somebody has voted. What follows from an own vote does not wait for the way round. */
  wake(worker: string): void {
    if (worker !== this.parts.worker) this.judging.wake();
  }

  /** The definition was changed. What is known of the nodes stays, unless they have another password now. */
  redefine(cluster: OpenCluster): void {
    const before = JSON.stringify(this.cluster.definition.pika);
    this.cluster = cluster;
    if (before !== JSON.stringify(cluster.definition.pika)) this.probes.close();
    this.nextFacts = -Infinity;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.probes.close();
    await Promise.all([this.judging.stop(), this.minding.stop()]);
  }

  private async attempt(what: string, work: () => Promise<void>): Promise<void> {
    if (!this.stopped) await this.trouble.attempt(`${what} on ${this.name}`, work);
  }

  private async vote(): Promise<void> {
    const nodes = this.probes.votes(this.parts.now());
    if (nodes.length === 0) return;
    await this.parts.memory.vote(this.name, { worker: this.parts.worker, nodes });
    this.judging.wake();
  }

  private async mind(): Promise<void> {
    const before = this.facts?.groups;
    await this.readFacts(routerMs);
    if (!this.facts) return;
    const { definition } = this.cluster;
    this.probes.follow(this.facts.groups, definition, (address) => this.cluster.target(address));
    if (this.facts.groups !== before) this.forgetStrangers(this.facts);
    if (!this.writes) return this.healer.rest();
    await this.tellRouter(this.facts);
    // What a node showed before it fell silent is no sign of what it does now.
    const looks = new Map([...this.seen].filter(([node]) => this.probes.answers(node)));
    await this.healer.look(looks, this.facts, definition.failover.heal, Date.now());
  }

  private async readFacts(limitMs: number): Promise<void> {
    const { memory, engine } = this.parts;
    const sources = { cluster: this.name, memory, engine, router: this.cluster.router };
    this.facts = (await readFacts(sources, this.facts, limitMs)) ?? this.facts;
    const what = `asking the router of ${this.name}`;
    if (!this.facts) this.trouble.tell(what, new Error('no answer yet, so its groups are not known'));
    else if (this.facts.routerProblem) this.trouble.tell(what, new Error(this.facts.routerProblem));
    else this.trouble.over(what);
  }

  /** Only who votes decides: a worker that cannot reach the others' votes keeps still. */
  private async judge(): Promise<void> {
    if (!this.facts) return;
    const { now, votes } = await this.parts.memory.votes(this.name, liveMs);
    const { worker } = this.parts;
    if (!votes.some((vote) => vote.worker === worker)) return;
    this.writes = writerOf(votes) === worker;
    const fair = fairVotes(votes, now);
    const analyses = this.analyse(this.facts, fair, now);
    const wanted = analyses.filter(({ decision }) => decision.kind === 'start');
    if (wanted.length > 0) await this.startAll(fair, now);
    await this.chronicle.take(analyses, now);
  }

  /** What was true a second ago is looked at again, before anything begins. */
  private async startAll(votes: readonly WorkerVote[], now: number): Promise<void> {
    await this.readFacts(hastyRouterMs);
    if (!this.facts) return;
    const { facts } = this;
    const underWay = new Set(facts.underWay);
    for (const analysis of this.analyse(facts, votes, now)) {
      const { group, decision } = analysis;
      const epoch = epochToCome(facts, group);
      if (decision.kind !== 'start' || epoch === null) continue;
      if (await this.starter.start(analysis, epoch, this.cluster.definition.failover, now))
        underWay.add(group);
    }
    this.facts = { ...facts, underWay };
  }

  private analyse(facts: Facts, votes: readonly WorkerVote[], now: number): GroupAnalysis[] {
    return judge({
      groups: facts.groups.map((group) => watched(group, facts)),
      votes,
      self: this.parts.worker,
      settings: this.cluster.definition.failover,
      maintenance: facts.maintenance,
      now,
      minuteOfDay: Math.floor(now / 60_000) % 1_440,
    });
  }

  private async saw(probe: NodeProbe, slots: readonly SlotInfo[]): Promise<void> {
    this.trouble.over(`reading the answers of ${probe.address}`);
    const at = Date.now();
    const seen = this.looks.take(probe.address, at, slots);
    this.seen.set(probe.address, seen);
    await this.parts.memory.sawNode(this.name, seen);
    if (!this.writes || this.probes.isMaster(probe.address)) return;
    await this.parts.memory.addLag(this.name, probe.address, { at, lagBytes: totalLag(seen) });
  }

  private async tellRestart({ address, health }: NodeProbe): Promise<void> {
    const group = this.facts?.groups.find(({ master, replicas }) => [master, ...replicas].includes(address));
    if (!this.writes || !group) return;
    const role = group.master === address ? 'the master' : 'a replica';
    await this.parts.memory.addHistory(this.name, {
      at: Date.now(),
      group: group.id,
      kind: 'detection',
      code: 'node-restarted',
      message: `${address}, ${role} of group ${group.id}, was restarted`,
      workflow: null,
      details: { node: address, startedAt: health.startedAt },
    });
  }

  private async tellRouter({ routerProblem }: Facts): Promise<void> {
    const code = routerProblem === null ? 'router-answers' : 'router-unreachable';
    const message =
      routerProblem === null
        ? `The router ${this.cluster.router.address} answers.`
        : `The router ${this.cluster.router.address} does not answer; its last view of the groups counts. ${routerProblem}`;
    const entry = {
      at: Date.now(),
      group: 0,
      kind: 'detection',
      code,
      message,
      workflow: null,
      details: null,
    } as const;
    await this.parts.memory.addChange(this.name, entry, {
      about: 'router',
      state: code,
      initially: 'router-answers',
    });
  }

  private forgetStrangers({ groups }: Facts): void {
    const nodes = new Set(groups.flatMap(({ master, replicas }) => [master, ...replicas]));
    this.looks.keepOnly(nodes);
    this.seen = new Map([...this.seen].filter(([node]) => nodes.has(node)));
  }
}

function watched({ id, master, replicas, slots }: Facts['groups'][number], facts: Facts): WatchedGroup {
  return {
    group: id,
    master,
    replicas,
    ownsSlots: slots.length > 0,
    blockedUntil: facts.epochs.get(id)?.blockedUntil ?? 0,
    underWay: facts.underWay.has(id),
  };
}
