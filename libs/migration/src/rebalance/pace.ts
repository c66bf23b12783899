/** How much of the limits is used, and why. */
export type Pace = {
  /** From `slowest` to 1. */
  readonly share: number;
  /** Wall clock milliseconds of the last change. */
  readonly changedAt: number;
  readonly why: string;
};

/** What the cluster shows of how it feels. */
export interface Signals {
  /** Holds that went past their budget since the last look. */
  readonly holdsTakenBack: number;
  /** The slowest answer of the router or a master, in milliseconds. */
  readonly slowestAnswerMs: number;
}

export const fullPace: Pace = { share: 1, changedAt: 0, why: 'nothing slows it down' };

const slowest = 0.05;
/** An answer that takes longer than this means that a machine has more than enough to do. In milliseconds. */
const slowAnswerMs = 400;
/** Between two steps down, and between two steps up, in milliseconds. */
const downEveryMs = 3_000;
const upEveryMs = 5_000;

/** Halves the pace when the cluster suffers, and takes it up again in small steps when it does not. */
export function adjustPace(pace: Pace, signals: Signals, now: number): Pace {
  const trouble = troubleOf(signals);
  if (trouble) {
    if (now - pace.changedAt < downEveryMs && pace.share < 1) return pace;
    return { share: Math.max(slowest, pace.share / 2), changedAt: now, why: trouble };
  }
  if (pace.share >= 1 || now - pace.changedAt < upEveryMs) return pace;
  const share = Math.min(1, Math.round((pace.share + 0.1) * 1_000) / 1_000);
  return { share, changedAt: now, why: share === 1 ? fullPace.why : recovering(pace.why) };
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
