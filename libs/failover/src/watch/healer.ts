import type { HealMode } from '@slotferry/cluster';
import { CommandIdReused, ResourceHeld, type WorkflowEngine } from '@slotferry/workflow';
import { rejoinDefinition } from '../definitions';
import { type Finding, findReplicaProblems, rejoinInputOf, type Suspicion } from '../replicas';
import type { FailoverMemory, SeenNode } from '../store/types';
import type { Facts } from './facts';
import { LineageCache } from './lineage-cache';
import { MendedNodes } from './mended-nodes';
import { type OpenWork, readOpenWork } from './open-work';

/** A node that could not be mended is tried again after this time, in milliseconds. */
const againAfterMs = 60_000;
/** Looks older than this say nothing about now, in milliseconds. */
const freshMs = 5_000;

/** A rejoin that was started here. */
interface Started {
  readonly node: string;
  readonly group: number;
  /** Wall clock milliseconds. */
  readonly at: number;
}

export interface HealerParts {
  readonly cluster: string;
  readonly worker: string;
  readonly memory: FailoverMemory;
  readonly engine: WorkflowEngine;
}

/** Finds replicas that do not follow, tells of them, and starts their rejoin where that is wanted: one of a group at a time. */
export class Healer {
  private readonly lineage: LineageCache;
  private readonly started = new Map<string, Started>();
  private readonly mended = new MendedNodes();
  private suspicions: readonly Suspicion[] = [];
  private told = new Map<string, Finding>();

  constructor(private readonly parts: HealerParts) {
    this.lineage = new LineageCache(parts.cluster, parts.memory);
  }

  /** One look. `all`: the last good one at each node. Throws what memory and engine throw when Redis does not answer. */
  async look(all: ReadonlyMap<string, SeenNode>, facts: Facts, mode: HealMode, now: number): Promise<void> {
    if (mode === 'off' || facts.routerProblem !== null) return;
    const { cluster, engine } = this.parts;
    const work = await readOpenWork(engine, cluster);
    if (work.building) return;
    const looks = this.mended.take(all, work.rejoiningNodes, Date.now());
    await this.lineage.take([...all.values()], work.busyGroups, now);
    const { findings, suspicions } = findReplicaProblems({
      view: facts.view,
      seen: looks,
      followed: this.lineage.followed,
      promotions: this.lineage.promotions,
      leaveOut: work.movingSlots,
      busyGroups: [...work.busyGroups],
      busyNodes: work.rejoiningNodes,
      past: this.suspicions,
      now,
    });
    this.suspicions = suspicions;
    this.forgetMended(looks, work, now);
    await this.parts.memory.setFindings(cluster, { at: now, findings });
    await this.tell(findings, now);
    if (mode === 'repair' && !facts.maintenance)
      await this.mend(findings, new Set(work.rejoiningGroups), now);
  }

  /** Somebody else looks now. */
  rest(): void {
    this.suspicions = [];
    this.told = new Map();
    this.lineage.forget();
  }

  private async tell(findings: readonly Finding[], now: number): Promise<void> {
    const present = new Map(findings.map((one) => [keyOf(one), one]));
    for (const [key, finding] of present)
      if (!this.told.has(key)) await this.tellOne(finding, finding.code, now);
    for (const [key, finding] of this.told) if (!present.has(key)) await this.tellOne(finding, none, now);
    this.told = present;
  }

  private async tellOne(finding: Finding, state: string, now: number): Promise<void> {
    const { code, group, node, message } = finding;
    const gone = state === none;
    const entry = {
      at: now,
      group,
      kind: 'finding',
      code: gone ? `${code}-over` : code,
      message: gone ? `${node} is no longer ${code}` : message,
      workflow: null,
      details: { node, master: finding.master, slots: finding.slots.length },
    } as const;
    const change = { about: `finding ${keyOf(finding)}`, state, initially: none };
    await this.parts.memory.addChange(this.parts.cluster, entry, change);
  }

  /** A node that was seen to be well again is mended at once when it fails again. */
  private forgetMended(looks: ReadonlyMap<string, SeenNode>, work: OpenWork, now: number): void {
    for (const [key, { node, group, at }] of this.started) {
      const look = looks.get(node);
      const isSeen = look !== undefined && look.at > at && now - look.at <= freshMs;
      const isBusy = work.busyGroups.has(group) || work.rejoiningNodes.includes(node);
      const isSuspect = this.suspicions.some((one) => one.node === node);
      if (isSeen && !isBusy && !isSuspect) this.started.delete(key);
    }
  }

  private async mend(findings: readonly Finding[], busyGroups: Set<number>, now: number): Promise<void> {
    for (const finding of findings) {
      const { group } = finding;
      const last = this.started.get(keyOf(finding))?.at ?? -Infinity;
      if (busyGroups.has(group) || now - last < againAfterMs) continue;
      busyGroups.add(group);
      await this.start(finding, now);
    }
  }

  private async start(finding: Finding, now: number): Promise<void> {
    const { cluster, worker, engine, memory } = this.parts;
    const { group, node, code, message } = finding;
    try {
      const input = rejoinInputOf(cluster, finding);
      const { id } = await engine.start(rejoinDefinition, input, { actor: `worker:${worker}` });
      this.started.set(keyOf(finding), { node, group, at: now });
      this.mended.begin(node);
      // The rejoin measures the node itself. One that ends before the next look must not leave behind what it has mended.
      this.suspicions = this.suspicions.filter((one) => one.node !== node);
      await memory.addHistory(cluster, {
        at: now,
        group,
        kind: 'decision',
        code: 'rejoin-started',
        message: `${node} is to be mended. ${message}`,
        workflow: id,
        details: { node, finding: code },
      });
    } catch (error) {
      // Somebody works on the node already.
      if (!(error instanceof ResourceHeld) && !(error instanceof CommandIdReused)) throw error;
    }
  }
}

const none = 'none';

function keyOf({ node, code }: Finding): string {
  return `${code} ${node}`;
}
