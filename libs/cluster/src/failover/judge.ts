import { type AnalysisName, type GroupAnalysis, type JudgeInput, type WatchedGroup } from './analysis';
import { policyOf } from './failover-settings';
import { deadTogether, type SeenGroup } from './many-masters';
import { type Sight, sightsOf, silent, silentForQuorum } from './sights';
import { refuse, startDecision } from './start-decision';
import { type Isolated, trustedVotes, type TrustedVotes } from './trusted-votes';
import { accountOf, seconds } from './why';

/**
 * Says for every group how it stands, and whether its failover begins. A master is down when a quorum of the workers that can be trusted
 * had no answer for the whole down-after time; the silence since a vote was cast counts, so an old vote of silence gets no weaker.
 * The same votes lead every worker to the same answer, except that one that is cut off itself decides nothing.
 */
export function judge(input: JudgeInput): GroupAnalysis[] {
  const { votes, groups, self } = input;
  const nodes = [...new Set(groups.flatMap(({ master, replicas }) => [master, ...replicas]))];
  const trust = trustedVotes(nodes, votes);
  const seen = groups.map((group) => look(group, trust, input));
  const blindness = votes.length === 0 ? NOBODY : blindnessOf(self, trust.isolated);
  if (blindness !== undefined) return seen.map((group) => blind(group, trust, blindness));
  const together = deadTogether(seen);
  return seen.map((group) => judgeGroup(group, together, trust, input));
}

const NOBODY = 'No worker looks at the cluster: start failover workers.';

function blindnessOf(self: string, isolated: readonly Isolated[]): string | undefined {
  const own = isolated.find(({ worker }) => worker === self);
  return (
    own &&
    `This worker, ${self}, gets no answer from ${own.silent} of ${own.nodes} nodes that answer others: it is cut off and decides nothing.`
  );
}

function look(group: WatchedGroup, { trusted }: TrustedVotes, input: JudgeInput): SeenGroup {
  const { quorum, downAfterMs } = policyOf(input.settings, group.group);
  return {
    ...group,
    downAfterMs,
    quorum: quorum ?? Math.floor(input.votes.length / 2) + 1,
    ofMaster: sightsOf(group.master, trusted, input.now),
    ofReplicas: group.replicas.map((replica) => sightsOf(replica, trusted, input.now)),
  };
}

function blind(group: SeenGroup, trust: TrustedVotes, why: string): GroupAnalysis {
  return {
    ...commonOf(group, trust),
    analysis: 'ObserverIsolated',
    why,
    decision: refuse('observer-isolated', why),
  };
}

function judgeGroup(
  group: SeenGroup,
  together: ReadonlySet<number>,
  trust: TrustedVotes,
  input: JudgeInput,
): GroupAnalysis {
  const common = commonOf(group, trust);
  const why = accountOf(group, trust);
  if (common.against.length < group.quorum) {
    return { ...common, ...whileNotDown(group, common.against.length), why };
  }
  if (!together.has(group.group)) {
    return { ...common, analysis: deathOf(group), why, decision: startDecision(group, input) };
  }
  const message = `${together.size} masters fell silent together (groups ${[...together].join(', ')}): rather the network than they. Check it; start single failovers by hand if the masters are really dead.`;
  return { ...common, analysis: 'ManyMastersDead', why, decision: refuse('many-masters-dead', message) };
}

function commonOf(
  group: SeenGroup,
  { trusted }: TrustedVotes,
): Pick<GroupAnalysis, 'group' | 'master' | 'against' | 'counted' | 'quorum'> {
  const against = silent(group.ofMaster).filter(({ silentMs }) => silentMs >= group.downAfterMs);
  return {
    group: group.group,
    master: group.master,
    against: against.map(({ worker }) => worker).sort(),
    counted: trusted.length,
    quorum: group.quorum,
  };
}

/** A machine that says nobody listens is proof that the process is gone; without it, one that takes connections may wake up. */
function deathOf({ ofMaster }: SeenGroup): AnalysisName {
  const conditions = ofMaster.map(({ condition }) => condition);
  return conditions.includes('hanging') && !conditions.includes('refused') ? 'NodeFrozen' : 'MasterDead';
}

function whileNotDown(group: SeenGroup, against: number): Pick<GroupAnalysis, 'analysis' | 'decision'> {
  const { master, quorum, downAfterMs, ofMaster } = group;
  if (against > 0) {
    const message = `${against} of the ${quorum} workers that are needed find ${master} down: see why the others reach it, or do not look.`;
    return { analysis: 'MasterUnreachable', decision: refuse('no-quorum', message) };
  }
  if (ofMaster.length === 0) {
    return {
      analysis: 'MasterUnreachable',
      decision: refuse('not-down', `Nobody has looked at ${master} yet.`),
    };
  }
  if (silent(ofMaster).length > 0) {
    const message = `${master} is down only when it has been silent for ${seconds(downAfterMs)}.`;
    return { analysis: 'MasterUnreachable', decision: refuse('not-down', message) };
  }
  return { analysis: whileAnswering(group), decision: refuse('not-down', `${master} answers.`) };
}

function whileAnswering({ ofMaster, ofReplicas, quorum, downAfterMs }: SeenGroup): AnalysisName {
  if (ofMaster.some(({ condition }) => condition === 'slow')) return 'MasterSlow';
  const isDown = (sights: readonly Sight[]): boolean =>
    (silentForQuorum(sights, quorum) ?? -1) >= downAfterMs;
  return ofReplicas.some(isDown) ? 'ReplicaBroken' : 'Healthy';
}
