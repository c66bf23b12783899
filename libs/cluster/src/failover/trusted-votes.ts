import { type WorkerVote } from './observation';
import { answersAny, isSilence, sightsOf } from './sights';

/** Fewer nodes say nothing about who is cut off: one dead master of two nodes is half of the world. */
const ENOUGH_NODES = 3;

/** A worker that is cut off: what it says of others' silence says nothing. */
export interface Isolated {
  readonly worker: string;
  /** Nodes that do not answer it, and how many there are. */
  readonly silent: number;
  readonly nodes: number;
}

export interface TrustedVotes {
  readonly trusted: readonly WorkerVote[];
  readonly isolated: readonly Isolated[];
}

/**
 * Tells workers that are cut off from those whose vote counts. Cut off is who gets no answer from more than half of all nodes, while most
 * of these answer at least half of the other workers. Where the others are as blind, nobody is called cut off: then perhaps the nodes are dead.
 */
export function trustedVotes(nodes: readonly string[], votes: readonly WorkerVote[]): TrustedVotes {
  const isolated = votes.flatMap((vote) => isolationOf(vote, nodes, votes) ?? []);
  const names = new Set(isolated.map(({ worker }) => worker));
  return { trusted: votes.filter(({ worker }) => !names.has(worker)), isolated };
}

function isolationOf(
  vote: WorkerVote,
  nodes: readonly string[],
  votes: readonly WorkerVote[],
): Isolated | undefined {
  if (nodes.length < ENOUGH_NODES) return undefined;
  const silent = vote.nodes.filter(({ node, condition }) => nodes.includes(node) && isSilence(condition));
  if (silent.length * 2 <= nodes.length) return undefined;
  const others = votes.filter(({ worker }) => worker !== vote.worker);
  const contradicted = silent.filter(({ node, silentMs }) => answersHalf(node, others, vote.at - silentMs));
  if (contradicted.length * 2 <= silent.length) return undefined;
  return { worker: vote.worker, silent: silent.length, nodes: nodes.length };
}

/** Votes from before the silence began say nothing about it: who cast them may have died with the nodes. */
function answersHalf(node: string, others: readonly WorkerVote[], since: number): boolean {
  const later = others.filter(({ at }) => at >= since);
  const answered = later.filter((other) => answersAny(sightsOf(node, [other], other.at)));
  return answered.length > 0 && answered.length * 2 >= later.length;
}
