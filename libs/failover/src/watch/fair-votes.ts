import type { WorkerVote } from '@slotferry/cluster';

/** Workers vote at least this often while a master is silent to them, in milliseconds. */
export const suspectHeartbeatMs = 200;
/** And this often otherwise. */
export const calmHeartbeatMs = 1_000;
/** A worker that has not voted for so long does not live, in milliseconds. */
export const liveMs = 3_000;
/** A silence goes on by itself for this long after the vote that told of it, in milliseconds. */
const beliefMs = 3 * suspectHeartbeatMs;

/**
 * A worker that was frozen right after it voted "silent for 300 ms" must not be taken to say "silent for 3 s" now. Silences in votes
 * older than 600 ms are taken as they were 600 ms after the vote.
 */
export function fairVotes(votes: readonly WorkerVote[], now: number): WorkerVote[] {
  return votes.map((vote) => {
    if (now - vote.at <= beliefMs) return vote;
    const nodes = vote.nodes.map((node) =>
      node.silentMs > 0 ? { ...node, silentMs: node.silentMs + beliefMs } : node,
    );
    return { ...vote, at: now, nodes };
  });
}

/** The worker that writes what needs only one writer: of those that see most nodes answering, the first by name. */
export function writerOf(votes: readonly WorkerVote[]): string | null {
  const names = (some: readonly WorkerVote[]): string[] => some.map(({ worker }) => worker).sort();
  return names(votes.filter(seesMost))[0] ?? names(votes)[0] ?? null;
}

function seesMost({ nodes }: WorkerVote): boolean {
  return nodes.filter(({ silentMs }) => silentMs === 0).length * 2 >= nodes.length;
}
