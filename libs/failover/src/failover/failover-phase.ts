import { CodisError } from '@slotferry/codis';
import type { OpenCluster } from '@slotferry/inventory';
import { done, type Outcome, type Phase, wait } from '@slotferry/workflow';
import type { FailoverInput } from '../definitions';
import { tolerant } from '../outcomes';
import type { FailoverParts } from '../parts';
import { fact, type FailoverContext } from './facts';
import { tell, tellHistory } from './news';
import { timing } from './timing';

/**
 * What the phases of a failover have in common: once it has turned out that there is nothing to do, they do nothing; a router that is away is
 * asked again soon; and whoever is to know hears when an operator is needed.
 */
export abstract class FailoverPhase implements Phase<FailoverInput> {
  readonly workflow = 'failover';
  abstract readonly name: string;

  constructor(protected readonly parts: FailoverParts) {}

  async run(context: FailoverContext): Promise<Outcome> {
    const ended = fact(context, 'ended');
    if (ended && !this.runsWhenEnded) return done(ended);
    const outcome = await this.hearing(context);
    if (outcome.kind === 'blocked' && context.state.blocked?.problem.code !== outcome.problem.code) {
      const { code, message } = outcome.problem;
      await tellHistory(this.parts.memory, context, 'non-decision', code, message);
      await tell(this.parts.notifier, context, 'failover-blocked', code, message);
    }
    return outcome;
  }

  /** Phases that put back what earlier ones did have work to do all the same. */
  protected get runsWhenEnded(): boolean {
    return false;
  }

  protected abstract work(context: FailoverContext, cluster: OpenCluster): Promise<Outcome>;

  /** An approval that came while it looked is heard now: else it would be blocked once more by what was just approved. */
  private async hearing(context: FailoverContext): Promise<Outcome> {
    for (;;) {
      const heard = context.state.approvals.length;
      const outcome = await tolerant(() => this.patient(context));
      if (outcome.kind !== 'blocked') return outcome;
      await context.refresh();
      if (context.state.approvals.length === heard) return outcome;
    }
  }

  private async patient(context: FailoverContext): Promise<Outcome> {
    try {
      return await this.work(context, await this.parts.clusters.open(context.input.cluster));
    } catch (error) {
      if (error instanceof CodisError && awayCodes.has(error.code)) return routerAway(error.message);
      throw error;
    }
  }
}

const awayCodes: ReadonlySet<string> = new Set([
  'unreachable',
  'timed-out',
  'connection-lost',
  'not-online',
  'store-failed',
]);

/** Clients wait: the router is asked again much sooner than elsewhere. */
export function routerAway(message: string): Outcome {
  return wait('router-unreachable', message, timing.retry);
}

/** True when the router itself did not answer, or does not work. */
export function isRouterAway(error: unknown): boolean {
  return error instanceof CodisError && awayCodes.has(error.code);
}
