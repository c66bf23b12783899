import { type ClusterDefinition, type NodeVote, policyOf } from '@slotferry/cluster';
import type { ProbeTarget } from '@slotferry/pika';
import type { MemberGroup } from './membership';
import { NodeProbe, type ProbeEvents } from './node-probe';
import { keyInSlot, planForMaster, planForReplica, type ProbePlan } from './probe-plan';

/** A suspected master is voted on more often for this long after its down-after time, in milliseconds. */
const suspicionMs = 10_000;

/** The probes of all nodes of a cluster, as its groups are now. */
export class Probes {
  private readonly all = new Map<string, NodeProbe>();
  private masters = new Set<string>();
  private readonly keys = new Map<number, string>();

  constructor(
    private readonly now: () => number,
    private readonly events: ProbeEvents,
  ) {}

  /** Begins to watch nodes that came, ends it for those that left, and changes what roles and settings changed. */
  follow(
    groups: readonly MemberGroup[],
    definition: ClusterDefinition,
    targetOf: (address: string) => ProbeTarget,
  ): void {
    const wanted = new Map<string, ProbePlan>();
    for (const group of groups) {
      const policy = policyOf(definition.failover, group.id);
      for (const replica of group.replicas) wanted.set(replica, planForReplica(policy));
      wanted.set(group.master, planForMaster(policy, this.keyFor(group, definition)));
    }
    this.masters = new Set(groups.map(({ master }) => master));
    for (const [address, probe] of this.all) {
      if (wanted.has(address)) continue;
      probe.close();
      this.all.delete(address);
    }
    for (const [address, plan] of wanted) {
      const known = this.all.get(address);
      if (known) known.plan = plan;
      else this.all.set(address, new NodeProbe(address, targetOf(address), plan, this.now, this.events));
    }
  }

  tick(now: number): void {
    for (const probe of this.all.values()) probe.tick(now);
  }

  /** What this worker says of the nodes it has had a result of. */
  votes(now: number): NodeVote[] {
    return [...this.all.values()].flatMap((probe) => probe.health.vote(probe.address, now) ?? []);
  }

  /** True while a master is silent, until long after it counts as down. */
  suspects(now: number): boolean {
    for (const address of this.masters) {
      const probe = this.all.get(address);
      const silentMs = probe?.health.silentMs(now) ?? 0;
      if (probe && silentMs > 0 && silentMs < probe.plan.downAfterMs + suspicionMs) return true;
    }
    return false;
  }

  /** True when its last answer came, and nothing has failed since. */
  answers(address: string): boolean {
    return this.all.get(address)?.health.answers ?? false;
  }

  isMaster(address: string): boolean {
    return this.masters.has(address);
  }

  /** Ends all connections; the next `follow` begins anew. */
  close(): void {
    for (const probe of this.all.values()) probe.close();
    this.all.clear();
  }

  private keyFor({ slots }: MemberGroup, { tables }: ClusterDefinition): string | null {
    // Keys of other tables are behind a SELECT, which is not worth a connection more.
    const slot = slots.find(({ table }) => table === 0)?.slot;
    const count = tables.find(({ id }) => id === 0)?.slots;
    if (slot === undefined || count === undefined) return null;
    const key = this.keys.get(slot) ?? keyInSlot(slot, count);
    this.keys.set(slot, key);
    return key;
  }
}
