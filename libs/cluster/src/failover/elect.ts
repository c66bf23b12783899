import { type Appraisal, appraise, byMerit } from './appraisal';
import { bestCopies, byAddress } from './copies';
import { type Election, type ElectionInput, type Verdict } from './election';
import { obstacles, obstaclesToChoice } from './eligibility';
import { isAboveLimit, type Loss } from './loss';
import { describeBytes } from './describe-bytes';
import { reasonsFor } from './reasons';

/**
 * Finds the replica that becomes master: the one that lacks the least, over all slots of the group, of the most advanced copies that
 * followed the dead master to the end. A copy that is not whole, not of this history, or whose position could not be read never wins by itself.
 * What the winner lacks of others' copies it fetches first (`tails`), so the loss is what the dead master was seen to have beyond the
 * most advanced copy of each slot, whoever wins. See `Loss` for how it is measured, and what is not known of it.
 */
export function elect(input: ElectionInput): Election {
  const best = bestCopies(input);
  const all = [...input.candidates].sort(byAddress).map((candidate) => appraise(candidate, best, input));
  const eligible = all
    .filter(({ candidate }) => obstacles(candidate, input).length === 0)
    .sort(byMerit(input.masterZone));
  const others = all.filter((appraisal) => !eligible.includes(appraisal));
  const verdicts = [...eligible, ...others].map((appraisal) => verdictOf(appraisal, eligible, input));
  const first = eligible[0];
  if (input.chosen !== null) return choice(input.chosen, first, all, verdicts, input);
  if (!first) return nobody(verdicts);
  if (isAboveLimit(first.loss, input)) return tooMuch(first, verdicts, input);
  return elected(first, verdicts);
}

function choice(
  chosen: string,
  first: Appraisal | undefined,
  all: readonly Appraisal[],
  verdicts: readonly Verdict[],
  input: ElectionInput,
): Election {
  const appraisal = all.find(({ candidate }) => candidate.node === chosen);
  const reasons = appraisal
    ? obstaclesToChoice(appraisal.candidate, input)
    : ['It is not a replica of the group.'];
  if (appraisal && reasons.length === 0) {
    return elected(
      appraisal,
      verdicts.map((verdict) => asChosen(verdict, appraisal)),
    );
  }
  const advice = first ? ` Choose another; ${first.candidate.node} could take over.` : '';
  return {
    kind: 'undecided',
    code: 'choice-refused',
    message: `${chosen} cannot become master: ${reasons.join(' ')}${advice}`,
    ...bestOf(first),
    verdicts,
  };
}

function asChosen(verdict: Verdict, { candidate, loss }: Appraisal): Verdict {
  if (verdict.node !== candidate.node) return verdict;
  return { ...verdict, lossBytes: loss.bytes, reasons: ['An operator chose it.', ...verdict.reasons] };
}

function nobody(verdicts: readonly Verdict[]): Election {
  const why = verdicts.map(({ node, reasons }) => `${node}: ${reasons.join(' ')}`);
  return {
    kind: 'undecided',
    code: 'no-candidate',
    message: ['No replica can take over without an operator.', ...why].join(' '),
    ...bestOf(undefined),
    verdicts,
  };
}

function tooMuch(first: Appraisal, verdicts: readonly Verdict[], input: ElectionInput): Election {
  const { maxLossBytes, maxLossMs } = input;
  const limits = [describeBytes(maxLossBytes), ...(maxLossMs === null ? [] : [`${maxLossMs} ms`])];
  return {
    kind: 'undecided',
    code: 'loss-above-limit',
    message: `With ${first.candidate.node}, the best there is, ${describeLoss(first.loss)} of writes would be lost; the limit is ${limits.join(' and ')}. Bring the master back, or choose ${first.candidate.node} to accept the loss.`,
    ...bestOf(first),
    verdicts,
  };
}

function describeLoss({ bytes, ms }: Loss): string {
  return [`at least ${describeBytes(bytes ?? 0)}`, ...(ms === null ? [] : [`${ms} ms`])].join(' and ');
}

function bestOf(appraisal: Appraisal | undefined): {
  best: string | null;
  lossBytes: number | null;
  lossMs: number | null;
} {
  const { candidate, loss } = appraisal ?? {};
  return { best: candidate?.node ?? null, lossBytes: loss?.bytes ?? null, lossMs: loss?.ms ?? null };
}

function elected({ candidate, tails, loss }: Appraisal, verdicts: readonly Verdict[]): Election {
  return {
    kind: 'elected',
    winner: candidate.node,
    tails,
    lossBytes: loss.bytes,
    lossMs: loss.ms,
    verdicts,
  };
}

function verdictOf(appraisal: Appraisal, eligible: readonly Appraisal[], input: ElectionInput): Verdict {
  const { candidate, behindBytes, loss } = appraisal;
  const isEligible = eligible.includes(appraisal);
  return {
    node: candidate.node,
    eligible: isEligible,
    reasons: isEligible ? reasonsFor(appraisal, eligible, input) : obstacles(candidate, input),
    behindBytes,
    lossBytes: isEligible ? loss.bytes : null,
  };
}
