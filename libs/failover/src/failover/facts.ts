import type { RouterProxy } from '@slotferry/cluster';
import type { JsonObject, PhaseContext } from '@slotferry/workflow';
import type { FailoverInput } from '../definitions';
import type { ElectionFact, VerdictFact } from './election-fact';
import type { SlotsFact } from '../slots/slots-fact';
import type { SurveyFact } from './survey/survey-fact';

export type FailoverContext = PhaseContext<FailoverInput>;

/** Why nothing more is to be done: no failover was needed, or somebody else has done it. */
export type Ended = { readonly code: string; readonly message: string };

/** A proxy that was taken out of the router, to be put back when it answers. */
export type RemovedProxy = {
  readonly token: string;
  readonly admin: string;
  readonly why: string;
  readonly at: number;
};

/** A replica that does not follow the new master, and why. */
export type LeftReplica = { readonly node: string; readonly why: string };

/** What one phase leaves to the next ones, by name. Times are wall clock milliseconds. */
export interface FailoverFacts {
  /** What the router said at the beginning. */
  readonly slots: SlotsFact;
  readonly servers: readonly string[];
  readonly proxies: readonly Pick<RouterProxy, 'token' | 'admin' | 'address'>[];
  readonly ended: Ended;
  /** When the hooks let it pass, or why and when they did not. */
  readonly hooksPassedAt: number;
  readonly veto: { readonly why: string; readonly at: number };
  /** Who would win, by the election that was shown to an operator; empty for nobody. */
  readonly proposed: string;
  /** Workflows paused by this one. */
  readonly parked: readonly string[];
  /** Masters of other groups that have copies of slots on their way to them. */
  readonly movingOut: { readonly [master: string]: SlotsFact };
  readonly masterProbedAt: number;
  /** Nothing came back from it, not even a refusal: requests sent to it before still wait. */
  readonly masterSilent: boolean;
  /** Since when proxies are waited for that wait for the dead master. */
  readonly drainingSince: number;
  readonly survey: SurveyFact;
  readonly election: ElectionFact;
  /** The last election that nobody won. */
  readonly undecided: {
    readonly code: string;
    readonly best: string | null;
    readonly verdicts: readonly VerdictFact[];
  };
  /** The node told to detach its slots, and the one of which positions are recorded. */
  readonly detaching: string;
  readonly promoted: string;
  /** Since when the winner has not answered though clients may have been sent to it; 0 when it answers. */
  readonly winnerSilentSince: number;
  /** The router was asked to make this one the master. */
  readonly promotionAsked: string;
  readonly handoversDisabled: boolean;
  readonly removedProxies: readonly RemovedProxy[];
  /** Proxies were told directly to send clients to this node. */
  readonly redirected: string;
  /** Replicas that this failover has detached. */
  readonly loosened: readonly string[];
  readonly left: readonly LeftReplica[];
  readonly detectedAt: number;
  readonly agreedAt: number;
  readonly electedAt: number;
  readonly promotedAt: number;
  readonly reroutedAt: number;
  readonly closedAt: number;
}

export function fact<K extends keyof FailoverFacts>(
  context: FailoverContext,
  name: K,
): FailoverFacts[K] | undefined {
  return context.facts[name] as unknown as FailoverFacts[K] | undefined;
}

/** The fact, in a phase that cannot be reached without it. */
export function requiredFact<K extends keyof FailoverFacts>(
  context: FailoverContext,
  name: K,
): FailoverFacts[K] {
  const found = fact(context, name);
  if (found === undefined) throw new Error(`${context.workflowId} has no fact "${name}" yet`);
  return found;
}

export function keep(context: FailoverContext, facts: Partial<FailoverFacts>): void {
  context.record(asJson(facts));
}

/** Facts as an intent carries them. */
export function asJson(facts: Partial<FailoverFacts>): JsonObject {
  return facts;
}
