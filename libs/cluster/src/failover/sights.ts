import { type NodeCondition, type WorkerVote } from './observation';

/** How one worker sees one node at the time of judging. */
export interface Sight {
  readonly worker: string;
  readonly condition: NodeCondition;
  /** How long the node has answered nothing, in milliseconds, the time since the vote included; 0 while it answers. */
  readonly silentMs: number;
}

/** What the workers see of a node; those that have not looked at it yet say nothing. */
export function sightsOf(node: string, votes: readonly WorkerVote[], now: number): Sight[] {
  return votes.flatMap(({ worker, at, nodes }) =>
    nodes
      .filter((vote) => vote.node === node)
      .slice(0, 1)
      .map(({ condition, silentMs }) => ({
        worker,
        condition,
        silentMs: isSilence(condition) ? silentMs + Math.max(0, now - at) : 0,
      })),
  );
}

/** True when a node in this condition answers nothing. */
export function isSilence(condition: NodeCondition): boolean {
  return condition === 'refused' || condition === 'unreachable' || condition === 'hanging';
}

/** Those of the sights in which the node answers nothing. */
export function silent(sights: readonly Sight[]): Sight[] {
  return sights.filter(({ condition }) => isSilence(condition));
}

/** True when it answers at least one of them. */
export function answersAny(sights: readonly Sight[]): boolean {
  return sights.some(({ condition }) => !isSilence(condition));
}

/**
 * For how long at least `quorum` workers have had no answer, in milliseconds; null when it answers too many of them.
 * What the slowest worker of the fastest quorum says counts.
 */
export function silentForQuorum(sights: readonly Sight[], quorum: number): number | null {
  const lengths = silent(sights)
    .map(({ silentMs }) => silentMs)
    .sort((a, b) => b - a);
  return lengths[quorum - 1] ?? null;
}
