import { describeElection, policyOf, type RouterGroup, type RouterView } from '@slotferry/cluster';
import type { OpenCluster } from '@slotferry/inventory';
import { blocked, done, type Outcome } from '@slotferry/workflow';
import { askProxies } from '../client-witness';
import { endEarly } from '../end-early';
import { fact, type FailoverContext, keep } from '../facts';
import { FailoverPhase } from '../failover-phase';
import { electBy } from '../hold-election';
import {
  countVotes,
  type MasterProbe,
  othersMissIt,
  othersSeeIt,
  probeMaster,
  type Votes,
} from '../master-probe';
import { newsOf, tellHistory } from '../news';
import { waitWhileReached } from '../still-reached';
import { ownedSlots } from '../../slots/owned-slots';
import { writeSlots } from '../../slots/slots-fact';
import { takeStock } from '../survey/take-stock';
import { viewOf } from '../router-view';
import { timing } from '../timing';

/** Votes older than this say nothing about now, in milliseconds. */
const voteAgeMs = 5_000;

/** Looks once more whether the master is dead, still the master, and whether something may be done about it. Changes nothing. */
export class Confirm extends FailoverPhase {
  readonly name = 'confirm';

  /** The epoch ends all the same: the next death of the master is another failover. */
  async undo(context: FailoverContext): Promise<Outcome> {
    const { cluster: name, group, epoch } = context.input;
    const { definition } = await this.parts.clusters.open(name);
    const blockedUntil = context.now() + policyOf(definition.failover, group).blockMs;
    await this.parts.memory.endEpoch(name, group, { epoch, blockedUntil });
    await tellHistory(this.parts.memory, context, 'operator', 'cancelled', 'the failover was cancelled');
    const news = newsOf(context, 'failover-cancelled', null, 'the failover was cancelled');
    await this.parts.notifier.after(news);
    return done();
  }

  protected async work(context: FailoverContext, cluster: OpenCluster): Promise<Outcome> {
    const { cluster: name, group: id, master } = context.input;
    const looking = viewOf(cluster);
    const [view, witness, probe, { now, votes }] = await Promise.all([
      looking,
      looking.then(({ proxies }) => askProxies(cluster, proxies, master)),
      probeMaster(cluster, master),
      this.parts.memory.votes(name, voteAgeMs),
    ]);
    const group = view.groups.find((one) => one.id === id);
    const counted = countVotes(votes, master, now);
    return (
      (await this.nothingToDo(context, view, group, probe, counted)) ??
      (await waitWhileReached(context, this.parts, witness, probe)) ??
      (await this.obstacle(context, cluster)) ??
      this.begin(context, counted)
    );
  }

  private async nothingToDo(
    context: FailoverContext,
    view: RouterView,
    group: RouterGroup | undefined,
    probe: MasterProbe,
    votes: Votes,
  ): Promise<Outcome | null> {
    const { group: id, master } = context.input;
    const { memory } = this.parts;
    const slots = ownedSlots(view, id);
    keep(context, {
      slots: writeSlots(slots),
      servers: group?.servers ?? [],
      proxies: view.proxies.map(({ token, admin, address }) => ({ token, admin, address })),
      masterProbedAt: context.now(),
      masterSilent: probe === 'silent',
    });
    const present = group?.servers[0];
    if (present !== master) {
      const message = `the router has ${present ?? 'no server'} as master of group ${id}, not ${master}`;
      return endEarly(context, memory, 'not-the-master', message);
    }
    if (slots.length === 0) {
      return endEarly(context, memory, 'owns-nothing', `no clients are sent to group ${id}`);
    }
    if (probe === 'answers' && !othersMissIt(votes))
      return endEarly(context, memory, 'master-is-back', `${master} answers data commands again`);
    if (!othersSeeIt(votes)) return null;
    return endEarly(
      context,
      memory,
      'master-is-back',
      `${votes.answering} of ${votes.answering + votes.silent} workers get answers from ${master}`,
    );
  }

  /** What an operator or a hook has against it; each can be overruled by approving its code. */
  private async obstacle(context: FailoverContext, cluster: OpenCluster): Promise<Outcome | null> {
    return (
      (await this.maintenance(context)) ??
      this.modeOff(context, cluster) ??
      (await this.approval(context, cluster)) ??
      this.veto(context)
    );
  }

  private async maintenance(context: FailoverContext): Promise<Outcome | null> {
    if (isOperators(context) || context.approved('maintenance')) return null;
    const maintenance = await this.parts.memory.maintenance(context.input.cluster);
    if (!maintenance) return null;
    return stop(
      'maintenance',
      `${maintenance.by} works on the cluster: ${maintenance.reason}`,
      'End the maintenance, or approve it (code maintenance) to go on all the same.',
    );
  }

  private modeOff(context: FailoverContext, cluster: OpenCluster): Outcome | null {
    const { mode } = policyOf(cluster.definition.failover, context.input.group);
    if (mode !== 'off' || isOperators(context) || context.approved('mode-off')) return null;
    return stop(
      'mode-off',
      'failovers of the group are switched off in the cluster file',
      'Approve it (code mode-off) to go on all the same, or cancel.',
    );
  }

  /** Shows what it would do. */
  private async approval(context: FailoverContext, cluster: OpenCluster): Promise<Outcome | null> {
    const isProposal = policyOf(cluster.definition.failover, context.input.group).mode === 'propose';
    const needed = context.input.approvalNeeded || (isProposal && !isOperators(context));
    if (!needed || context.approved('approval-needed')) return null;
    const election = electBy(context, cluster, await takeStock(context, cluster, this.parts.memory));
    const lines = describeElection(election);
    if (fact(context, 'proposed') === undefined) {
      keep(context, { proposed: election.kind === 'elected' ? election.winner : '' });
      context.step('proposed', lines);
    }
    return stop(
      'approval-needed',
      `it waits for an operator; it would go like this: ${lines.at(-1) ?? ''}`,
      'Approve it (code approval-needed), or cancel. It ends by itself when the master is back.',
    );
  }

  private async veto(context: FailoverContext): Promise<Outcome | null> {
    if (fact(context, 'hooksPassedAt') !== undefined || context.approved('vetoed')) return null;
    const last = fact(context, 'veto');
    const isRecent = last !== undefined && context.now() - last.at < timing.askAgain;
    const why = isRecent ? last.why : await this.askHooks(context);
    if (why === null) {
      keep(context, { hooksPassedAt: context.now() });
      return null;
    }
    return stop(
      'vetoed',
      `a hook refused: ${why}`,
      'Approve it (code vetoed) to go on all the same, or cancel; the hooks are asked again now and then.',
    );
  }

  private async askHooks(context: FailoverContext): Promise<string | null> {
    const { group, master } = context.input;
    const message = `${master}, the master of group ${group}, is dead and about to be replaced`;
    const news = newsOf(context, 'failover-starting', 'MasterDead', message, { master });
    const { veto, deliveries } = await this.parts.notifier.before(news);
    if (deliveries.length > 0) context.step('asked: failover-starting', [...deliveries]);
    if (veto !== null) keep(context, { veto: { why: veto, at: context.now() } });
    return veto;
  }

  private begin(context: FailoverContext, votes: Votes): Outcome {
    const { startedAt } = context.state;
    keep(context, {
      detectedAt: Math.round(votes.silent > 0 ? context.now() - votes.silentMs : startedAt),
      agreedAt: startedAt,
    });
    return done({ votesAgainst: votes.silent, votesFor: votes.answering });
  }
}

/** Operators know what they do: what only holds back automatic failovers does not hold back theirs. */
function isOperators(context: FailoverContext): boolean {
  return context.state.actor.startsWith('operator:');
}

function stop(code: string, message: string, remedy: string): Outcome {
  return blocked({ code, message, remedy }, 'operator', timing.recheck);
}
