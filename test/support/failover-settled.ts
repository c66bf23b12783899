import { type RedisFailoverMemory } from '@slotferry/failover';
import { type PikaNode } from '../../apps/sandbox/src/pika';
import { type FailoverProcess } from './failover-process';
import { type Lab } from './lab';

/** What a look at a lab needs of it. */
interface LabAtWork {
  readonly lab: Lab;
  readonly memory: RedisFailoverMemory;
  readonly workers: readonly FailoverProcess[];
  node(name: string): PikaNode;
  address(name: string): string;
  servers(group: number): Promise<string[]>;
  owned(group: number): Promise<number[]>;
}

/** What is still to come until every worker sees every node, every replica has all of its master, and nothing is under way; null when that is so. */
export async function unsettled(lab: LabAtWork): Promise<string | null> {
  const open = await lab.lab.engine.list({ scope: 'lab', open: true, limit: 10 });
  if (open.length > 0)
    return open
      .map(({ id, phase, waiting, problem }) => `${id} is at ${phase} ${JSON.stringify(waiting ?? problem)}`)
      .join('; ');
  const { votes } = await lab.memory.votes('lab', 3_000);
  const alive = lab.workers.filter((worker) => worker.alive);
  const nodes = lab.lab.sandbox.nodes.size;
  for (const { post } of alive) {
    const seen = votes.find(({ worker }) => worker === post.name)?.nodes ?? [];
    const well = seen.filter(({ condition }) => condition === 'answering').length;
    if (well < nodes) return `${post.name} sees ${well} of ${nodes} nodes answer`;
  }
  for (const { id, nodes: members } of lab.lab.definition.groups) {
    const [master = '', ...replicas] = await lab.servers(id);
    if (replicas.length + 1 !== members.length) return `group ${id} has ${replicas.length} replicas`;
    const slots = await lab.owned(id);
    for (const replica of replicas) {
      const problem = lagging(lab, master, replica, slots);
      if (problem !== null) return problem;
    }
    // Until then a copy that is detached is of a past that nobody knows.
    const followed = await lab.memory.followed(
      'lab',
      replicas.map((name) => lab.address(name)),
    );
    for (const [node, past] of followed) {
      if (!past.some((one) => one.master === lab.address(master)))
        return `nobody has seen ${node} follow ${master}`;
    }
  }
  const found = (await lab.memory.findings('lab'))?.findings ?? [];
  return found.length === 0 ? null : found.map(({ message }) => message).join('; ');
}

/** A slot of these of which the replica does not have all that the master has; null when there is none. */
export function lagging(
  lab: LabAtWork,
  master: string,
  replica: string,
  slots: readonly number[],
): string | null {
  for (const slot of slots) {
    const own = lab.node(master).findSlot({ table: 0, slot });
    const copy = lab.node(replica).findSlot({ table: 0, slot });
    const feed = own?.feedOf(lab.address(replica));
    const follows =
      copy?.attachment?.state === 'kConnected' && copy.attachment.master === lab.address(master);
    if (!own || !feed || !follows || own.lagOf(feed) !== 0)
      return `slot ${slot} of ${replica} lags behind ${master}`;
  }
  return null;
}
