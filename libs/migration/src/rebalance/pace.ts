/** How much of the limits is used, and why. */
export type Pace = {
  /** From `slowest` to 1. */
  readonly share: number;
  /** Wall clock milliseconds of the last change. */
  readonly changedAt: number;
  readonly why: string;
  /** How far the replicas of the groups at work were behind at the last look: 0 below 1 MiB, one more with every doubling. */
  readonly lagLevel?: number;
};

/** What the cluster shows of how it feels. */
export interface Signals {
  /** Holds that went past their budget since the last look. */
  readonly holdsTakenBack: number;
  /** The slowest answer of the router or a master, in milliseconds. */
  readonly slowestAnswerMs: number;
  /** How far the replica that is farthest behind is, of the groups at work, slots that are moving left out. In bytes. */
  readonly replicaLagBytes: number;
}

export const fullPace: Pace = { share: 1, changedAt: 0, why: 'nothing slows it down' };

const slowest = 0.05;
/** An answer that takes longer than this means that a machine has more than enough to do. In milliseconds. */
const slowAnswerMs = 400;
/** Between two steps down, and between two steps up, in milliseconds. */
const downEveryMs = 3_000;
const upEveryMs = 5_000;

/** A replica that is less behind than this follows well. In bytes. */
const harmlessLagBytes = 1_048_576;

/** Halves the pace when the cluster suffers, and takes it up again in small steps when it does not. */
export function adjustPace(pace: Pace, signals: Signals, now: number): Pace {
  const before = pace.lagLevel ?? 0;
  const lagLevel = levelOf(signals.replicaLagBytes);
  const seen = lagLevel === before ? pace : { ...pace, lagLevel };
  const trouble = troubleOf(signals) ?? (lagLevel > before ? lagging(signals) : null);
  if (trouble) {
    if (now - pace.changedAt < downEveryMs && pace.share < 1) return lagLevel < before ? seen : pace;
    return { ...seen, share: Math.max(slowest, pace.share / 2), changedAt: now, why: trouble };
  }
  // Replicas that are still far behind get the time to catch up.
  if (pace.share >= 1 || lagLevel > 0 || now - pace.changedAt < upEveryMs) return seen;
  const share = Math.min(1, Math.round((pace.share + 0.1) * 1_000) / 1_000);
  return { ...seen, share, changedAt: now, why: share === 1 ? fullPace.why : recovering(pace.why) };
}

function levelOf(bytes: number): number {
  return bytes < harmlessLagBytes ? 0 : Math.floor(Math.log2(bytes / harmlessLagBytes)) + 1;
}

function lagging({ replicaLagBytes }: Signals): string {
  return `a replica fell ${(replicaLagBytes / harmlessLagBytes).toFixed(1)} MiB behind`;
}

function recovering(why: string): string {
  const prefix = 'recovering: ';
  return why.startsWith(prefix) ? why : `${prefix}${why}`;
}

function troubleOf({ holdsTakenBack, slowestAnswerMs }: Signals): string | null {
  if (holdsTakenBack > 0) return `${holdsTakenBack} holds went past their budget`;
  if (slowestAnswerMs > slowAnswerMs) return `an answer took ${Math.round(slowestAnswerMs)} ms`;
  return null;
}
