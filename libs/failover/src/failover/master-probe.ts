import type { WorkerVote } from '@slotferry/cluster';
import type { OpenCluster } from '@slotferry/inventory';
import { PikaError } from '@slotferry/pika';
import { TimeLimitError, withTimeout } from '@slotferry/platform';
import { timing } from './timing';

/** A key that nobody has: reading it goes the way of all data commands. */
const probeKey = 'slotferry:probe';

/**
 * How a node takes a data command. `answers`: it does its work. `gone`: its machine says that nobody listens. `silent`: nothing comes
 * back, so that what was sent to it before waits for its limit, too.
 */
export type MasterProbe = 'answers' | 'gone' | 'silent';

/**
 * Asks for a key: that a node accepts connections or answers PING proves nothing. Any word about the key counts, also that its slot is on
 * another node.
 */
export async function probeMaster(cluster: OpenCluster, address: string): Promise<MasterProbe> {
  const limitMs = timing.masterProbe;
  const asked = cluster.node(address).raw(['GET', probeKey], { timeoutMs: limitMs });
  try {
    await withTimeout(asked, limitMs, `an answer of ${address}`);
    return 'answers';
  } catch (error) {
    if (error instanceof TimeLimitError) return 'silent';
    if (!(error instanceof PikaError)) throw error;
    if (error.code === 'unreachable' || error.code === 'closed') return 'gone';
    return error.code === 'timed-out' ? 'silent' : 'answers';
  }
}

/** What the workers say of a node. */
export interface Votes {
  readonly answering: number;
  readonly silent: number;
  /** How long it has not answered by the word of the first one who noticed, in milliseconds. */
  readonly silentMs: number;
}

/** An answer counts for so long at least, in milliseconds: workers that are well vote once a second. */
const answerMs = 1_500;

/** Answers from before the silence began say nothing: whoever gave them may have died since. */
export function countVotes(votes: readonly WorkerVote[], node: string, now: number): Votes {
  const own = votes.flatMap(({ at, nodes }) =>
    nodes.filter((vote) => vote.node === node).map((vote) => ({ ...vote, age: now - at })),
  );
  const dead = own.filter(({ condition }) => condition !== 'answering' && condition !== 'slow');
  const silentMs = Math.max(0, ...dead.map((vote) => vote.silentMs + vote.age));
  const answering = own.filter(
    (vote) => !dead.includes(vote) && (dead.length === 0 || vote.age <= Math.max(silentMs, answerMs)),
  );
  return { answering: answering.length, silent: dead.length, silentMs };
}

/** True when more than half of at least two who looked got an answer: then it is this worker that sees wrongly. */
export function othersSeeIt({ answering, silent: against }: Votes): boolean {
  return answering >= 2 && answering > against;
}

/** True when more than half of those who looked got none: then what this worker gets is not the whole picture. */
export function othersMissIt({ answering, silent: against }: Votes): boolean {
  return against > answering;
}
