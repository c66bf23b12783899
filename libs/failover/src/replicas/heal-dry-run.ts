import type { DiscardPolicy, SlotRef } from '@slotferry/cluster';
import type { Followed, Promotion, SeenNode } from '../store/types';
import { describeSlots } from '../slots/slot-lists';
import type { Finding } from './finding';
import { followedBySlot } from './following';
import { keyOf } from '../slots/slot-lists';
import { lineageOf, sharedUpTo } from './lineage';
import { type CopyMeasure, measureCopy } from './measure-copy';

/** What a rejoin would do to slots of a node. */
export const HEAL_STEPS = [
  'create',
  'export',
  'ask',
  'detach',
  'attach',
  'full-copy',
  'none-master-lacks-slot',
] as const;
export type HealStep = (typeof HEAL_STEPS)[number];

/** What would be done about one finding. */
export interface Proposal {
  readonly finding: Finding;
  /** In this order. */
  readonly steps: readonly {
    readonly step: HealStep;
    readonly slots: readonly SlotRef[];
    /** For people. */
    readonly message: string;
  }[];
  /** Binlog that only the node holds, in bytes, as far as it can be counted; null when for some slot it cannot. */
  readonly discardedBytes: number | null;
}

export interface HealInput {
  readonly findings: readonly Finding[];
  readonly seen: ReadonlyMap<string, SeenNode>;
  readonly followed: ReadonlyMap<string, readonly Followed[]>;
  /** Promotions of each group, oldest first. */
  readonly promotions: ReadonlyMap<number, readonly Promotion[]>;
  readonly discard: DiscardPolicy;
}

/** Says what a rejoin would do about each finding, from what was seen last. A rejoin itself looks again and may find otherwise. */
export function healDryRun(input: HealInput): Proposal[] {
  return input.findings.map((finding) => {
    const measured = finding.slots.map((ref) => ({ ref, measure: measureSeen(input, finding, ref) }));
    const of = (kind: CopyMeasure['kind']): SlotRef[] =>
      measured.filter(({ measure }) => measure.kind === kind).map(({ ref }) => ref);
    return {
      finding,
      steps: stepsOf(finding, of, input.discard).filter(({ slots }) => slots.length > 0),
      discardedBytes: measured.reduce<number | null>((sum, { measure }) => {
        if (measure.kind !== 'diverged') return sum;
        return sum === null || measure.bytes === null ? null : sum + measure.bytes;
      }, 0),
    };
  });
}

function measureSeen(
  { seen, followed, promotions }: HealInput,
  { code, group, node, master }: Finding,
  ref: SlotRef,
): CopyMeasure {
  const [own, atMaster] = [node, master].map((one) =>
    seen.get(one)?.slots.find((slot) => keyOf(slot) === keyOf(ref)),
  );
  if (!atMaster) return { kind: 'master-lacks-slot' };
  const origin = { node, followed: followedBySlot(followed.get(node) ?? [])(ref.table, ref.slot) };
  const lineage = lineageOf(promotions.get(group) ?? [], master);
  return measureCopy({
    master,
    copy: own
      ? {
          position: own.position,
          following: own.following === null ? null : { master: own.following, status: own.status },
        }
      : null,
    masterPosition: atMaster.position,
    shared: sharedUpTo(lineage, origin, ref, atMaster.position),
    suspect: code === 'diverged',
  });
}

type Step = Proposal['steps'][number];

function stepsOf(
  { code, node, master }: Finding,
  of: (kind: CopyMeasure['kind']) => SlotRef[],
  discard: DiscardPolicy,
): Step[] {
  const step = (kind: HealStep, slots: readonly SlotRef[], say: (list: string) => string): Step => ({
    step: kind,
    slots,
    message: say(describeSlots(slots)),
  });
  const [missing, diverged, follows] = [of('missing'), of('diverged'), of('follows')];
  const isHollow = code === 'hollow';
  return [
    step(
      'none-master-lacks-slot',
      of('master-lacks-slot'),
      (list) => `${list}: ${master} does not hold them; nothing is attached to it`,
    ),
    step('create', missing, (list) => `create ${list} on ${node}, one at a time`),
    ...keepSteps(discard, diverged, node, step),
    step(
      'detach',
      [...diverged, ...(isHollow ? follows : [])],
      (list) => `detach ${list} of ${node} and wait until its master no longer lists it`,
    ),
    step(
      'full-copy',
      [...diverged, ...(isHollow ? follows : [])],
      (list) => `replace ${list} of ${node} by full copies of ${master}`,
    ),
    step(
      'attach',
      [...missing, ...of('plain'), ...(isHollow ? [] : follows)],
      (list) => `attach ${list} of ${node} to ${master}, from where each stands`,
    ),
  ];
}

function keepSteps(
  discard: DiscardPolicy,
  slots: readonly SlotRef[],
  node: string,
  step: (kind: HealStep, slots: readonly SlotRef[], say: (list: string) => string) => Step,
): Step[] {
  switch (discard) {
    case 'export':
      return [step('export', slots, (list) => `write what only ${node} holds in ${list} to files`)];
    case 'keep':
      return [
        step(
          'ask',
          slots,
          (list) => `wait until an operator lets the writes go that only ${node} holds in ${list}`,
        ),
      ];
    case 'discard':
      return [];
  }
}
