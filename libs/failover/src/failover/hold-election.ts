import { describeElection, elect, type Election, flagsOf, policyOf } from '@slotferry/cluster';
import type { OpenCluster } from '@slotferry/inventory';
import { blocked, type Outcome } from '@slotferry/workflow';
import type { FailoverMemory } from '../store/types';
import { readSlots } from '../slots/slots-fact';
import { fact, type FailoverContext, keep, requiredFact } from './facts';
import { writeElection, writeVerdict } from './election-fact';
import { readCandidate, type SurveyFact } from './survey/survey-fact';
import { masterTraceOf, takeStock } from './survey/take-stock';
import { timing } from './timing';

/** Steering that lets the best candidate win whatever would be lost. */
export const lossApproval = 'loss-above-limit';

/** Elects by a survey. Changes nothing. */
export function electBy(context: FailoverContext, cluster: OpenCluster, survey: SurveyFact): Election {
  const { group, master } = context.input;
  const { failover } = cluster.definition;
  const { maxLossBytes, maxLossMs } = policyOf(failover, group);
  const accepted = context.approved(lossApproval);
  const { choice } = context.state.settings;
  return elect({
    slots: readSlots(requiredFact(context, 'slots')),
    master,
    masterZone: flagsOf(failover, master).zone,
    masterTrace: masterTraceOf(survey),
    masterSeenAt: survey.masterSeenAt,
    candidates: survey.candidates.map(readCandidate),
    maxLossBytes: accepted ? Infinity : maxLossBytes,
    maxLossMs: accepted ? null : maxLossMs,
    chosen: typeof choice === 'string' && choice !== '' ? choice : null,
  });
}

/** Elects by the survey that is recorded, and records who won. Null when somebody did. */
export function holdElection(context: FailoverContext, cluster: OpenCluster): Outcome | null {
  const election = electBy(context, cluster, requiredFact(context, 'survey'));
  if (election.kind === 'undecided') return undecided(context, election);
  keep(context, { election: writeElection(election), electedAt: context.now() });
  context.step(`elected ${election.winner}`, describeElection(election));
  return null;
}

/** Surveys and elects again: things have changed since. Null when somebody won. */
export async function electAnew(
  context: FailoverContext,
  cluster: OpenCluster,
  memory: FailoverMemory,
): Promise<Outcome | null> {
  keep(context, { survey: await takeStock(context, cluster, memory) });
  return holdElection(context, cluster);
}

/** Who was elected last. */
export function winnerOf(context: FailoverContext): string {
  return requiredFact(context, 'election').winner;
}

function undecided(context: FailoverContext, election: Election & { readonly kind: 'undecided' }): Outcome {
  const { code, best } = election;
  if (fact(context, 'undecided')?.code !== code) {
    keep(context, { undecided: { code, best, verdicts: election.verdicts.map(writeVerdict) } });
    context.step(`elected nobody: ${code}`, describeElection(election));
  }
  const problem = {
    code: election.code,
    message: election.message,
    remedy: remedies[election.code],
  };
  return blocked(problem, 'operator', timing.recheck);
}

const remedies: Readonly<Record<(Election & { kind: 'undecided' })['code'], string>> = {
  'no-candidate':
    'Bring a replica or the master back: it goes on by itself then. Or choose a node in spite of what speaks against it: slotferry failover approve <id> --code no-candidate --choose <host:port>',
  'loss-above-limit':
    'Approve it (code loss-above-limit) to take the best replica and lose what is named; or bring the master back.',
  'choice-refused':
    'Choose another node: slotferry failover approve <id> --code choice-refused --choose <host:port>',
};
