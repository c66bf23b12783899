import { type Appraisal } from './appraisal';
import { describeBytes } from './describe-bytes';
import { type ElectionInput } from './election';
import { describeSlots } from './eligibility';

/** What speaks for and against one that may win, one sentence each. */
export function reasonsFor(
  { candidate, behindBytes, tails, loss }: Appraisal,
  eligible: readonly Appraisal[],
  { masterZone }: ElectionInput,
): string[] {
  const rivals = eligible.filter(
    (other) => other.candidate !== candidate && other.behindBytes === behindBytes,
  );
  const { zone, prefer } = candidate;
  return [
    tails.length === 0
      ? 'As far as any copy on every slot.'
      : `Behind by ${describeBytes(behindBytes ?? 0)} on ${describeSlots(tails)}.`,
    ...(rivals.length === 0 ? [] : [`Level with ${rivals.map((other) => other.candidate.node).join(', ')}.`]),
    ...(prefer ? ['Preferred (cluster file).'] : []),
    ...(masterZone !== null && zone === masterZone ? [`In zone ${zone}, as the dead master.`] : []),
    ...(masterZone !== null && zone !== null && zone !== masterZone
      ? [`In zone ${zone}, the dead master in ${masterZone}.`]
      : []),
    ...(loss.unknownSlots === 0 ? [] : [`What the master had of ${count(loss.unknownSlots)} is not known.`]),
  ];
}

function count(slots: number): string {
  return slots === 1 ? '1 slot' : `${slots} slots`;
}
