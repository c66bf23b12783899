import { type SlotRef } from '../router';
import { formatSlots } from '../slots';
import { slotKey, slotsOf } from './copies';
import { type Candidate, type CopyState, type ElectionInput, type SurveyedSlot } from './election';

/** What can be wrong with one copy. `unreadable`: whole, but nobody knows how far. */
type Flaw = Exclude<CopyState, 'following'> | 'unreadable';

/** Everything that keeps a candidate from winning by itself, one sentence each; none when it may. */
export function obstacles(candidate: Candidate, { slots, master }: ElectionInput): string[] {
  return [
    ...inherentObstacles(candidate, master),
    ...(candidate.never ? ['It is never to become master (cluster file).'] : []),
    ...slotObstacles(candidate, slots, []),
  ];
}

/**
 * Everything that keeps it from winning although an operator has chosen it. A copy that is old, or of another history, is the operator's
 * to take; one that is not whole, or cannot be read, is nobody's.
 */
export function obstaclesToChoice(candidate: Candidate, { slots, master }: ElectionInput): string[] {
  return [
    ...inherentObstacles(candidate, master),
    ...slotObstacles(candidate, slots, ['broken', 'stranger']),
  ];
}

function inherentObstacles({ node, problem }: Candidate, master: string): string[] {
  return [
    ...(node === master ? ['It is the dead master.'] : []),
    ...(problem === null ? [] : [`It could not be surveyed: ${problem}`]),
  ];
}

/** Nothing is known of the slots of a node that could not be surveyed: one reason is enough. */
function slotObstacles(
  candidate: Candidate,
  owned: readonly SlotRef[],
  tolerated: readonly Flaw[],
): string[] {
  if (candidate.problem !== null) return [];
  const held = slotsOf(candidate);
  const flawed = new Map<Flaw, SlotRef[]>();
  for (const ref of owned) {
    const flaw = flawOf(held.get(slotKey(ref)));
    if (flaw !== null && !tolerated.includes(flaw)) flawed.set(flaw, [...(flawed.get(flaw) ?? []), ref]);
  }
  return [...flawed].map(([flaw, refs]) => SENTENCES[flaw](describeSlots(refs)));
}

function flawOf(copy: SurveyedSlot | undefined): Flaw | null {
  if (copy === undefined) return 'missing';
  if (copy.state === 'missing' || copy.state === 'full-copy' || copy.state === 'hollow') return copy.state;
  if (copy.position === null) return 'unreadable';
  return copy.state === 'following' ? null : copy.state;
}

const SENTENCES: Readonly<Record<Flaw, (slots: string) => string>> = {
  unreadable: (slots) => `Its position of ${slots} could not be read.`,
  'full-copy': (slots) => `It is in a full copy of ${slots}: what it holds is not whole.`,
  hollow: (slots) => `It never got what its master wrote to ${slots}.`,
  broken: (slots) => `Its replication of ${slots} was broken before the master died.`,
  stranger: (slots) => `It did not follow the dead master with ${slots}.`,
  missing: (slots) => `It does not hold ${slots}.`,
};

/** `slots 0-31 of table 0, slot 2 of table 1`. */
export function describeSlots(refs: readonly SlotRef[]): string {
  const tables = [...new Set(refs.map(({ table }) => table))].sort((a, b) => a - b);
  return tables
    .map((table) => {
      const slots = refs.filter((ref) => ref.table === table).map(({ slot }) => slot);
      return `slot${slots.length === 1 ? '' : 's'} ${formatSlots(slots)} of table ${table}`;
    })
    .join(', ');
}
