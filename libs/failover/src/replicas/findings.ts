import type { BinlogPosition, RouterGroup, RouterView, SlotRef } from '@slotferry/cluster';
import type { Followed, Promotion, SeenNode, SeenSlot } from '../store/types';
import { describeSlots, keyOf } from '../slots/slot-lists';
import { type Finding, FINDING_CODES, type FindingCode } from './finding';
import { type Suspicion, suspectSlot } from './suspect-slot';

export interface FindingsInput {
  readonly view: Pick<RouterView, 'routes' | 'groups'>;
  /** The last good look at each node. Nodes that were not seen lately are left alone: they are no replicas that can be mended. */
  readonly seen: ReadonlyMap<string, SeenNode>;
  /** Whom the slots of each node were last seen following. */
  readonly followed: ReadonlyMap<string, readonly Followed[]>;
  /** Promotions of each group, oldest first. */
  readonly promotions: ReadonlyMap<number, readonly Promotion[]>;
  /** Slots that somebody else is at work on: those of open moves. */
  readonly leaveOut: readonly SlotRef[];
  /** Groups whose failover or switchover is under way. */
  readonly busyGroups: readonly number[];
  /** Nodes whose rejoin is under way. */
  readonly busyNodes: readonly string[];
  /** `suspicions` of the look before; empty at first. */
  readonly past: readonly Suspicion[];
  /** Wall clock milliseconds. */
  readonly now: number;
}

export interface Findings {
  readonly findings: readonly Finding[];
  /** To be given to the next look: what lasts a moment, as during every attachment, is no finding. */
  readonly suspicions: readonly Suspicion[];
}

/** How long a state has to last before it is a finding, in milliseconds. An attachment takes 0.1 s, a full copy of an empty slot 1.5 s. */
const lastsMs: { readonly [code in FindingCode]: number } = {
  diverged: 0,
  'returned-master': 2_000,
  'restarted-writable': 2_000,
  'wrong-master': 3_000,
  'refused-by-master': 1_000,
  hollow: 20_000,
  'stuck-waiting': 5_000,
  'slot-missing': 5_000,
};
/** A copy that is empty and gets nothing is hollow sooner: a slow link would have brought something by then. */
const emptyHollowLastsMs = 5_000;

/** Finds the replicas that do not follow their masters as they should. */
export function findReplicaProblems(input: FindingsInput): Findings {
  const { view, now } = input;
  const past = new Map(input.past.map((one) => [pastKey(one), one]));
  const leaveOut = new Set(input.leaveOut.map(keyOf));
  const suspicions = view.groups
    .filter(({ id, promoting }) => !promoting && !input.busyGroups.includes(id))
    .flatMap((group) => suspectGroup(input, group, leaveOut, past));
  const due = suspicions.filter((one) => isDue(one, now));
  return { findings: grouped(due), suspicions };
}

function suspectGroup(
  input: FindingsInput,
  { id, servers }: RouterGroup,
  leaveOut: ReadonlySet<string>,
  past: ReadonlyMap<string, Suspicion>,
): Suspicion[] {
  const [master, ...replicas] = servers;
  const owned = input.view.routes.filter(
    (route) => route.group === id && route.handover === null && !leaveOut.has(keyOf(route)),
  );
  const promotions = input.promotions.get(id) ?? [];
  // A look from before says who was the master then.
  const since = promotions.at(-1)?.at ?? -Infinity;
  const atMaster = master === undefined ? null : freshLook(input, master, since);
  if (master === undefined || !atMaster || owned.length === 0) return [];
  return replicas
    .filter((node) => !input.busyNodes.includes(node))
    .flatMap((node) => {
      const atNode = freshLook(input, node, since);
      if (!atNode) return [];
      const suspect = suspectSlot({
        group: id,
        node,
        master,
        promotions,
        followed: input.followed.get(node) ?? [],
        now: input.now,
      });
      return owned.flatMap(({ table, slot }) => {
        const ref = { table, slot };
        const masterSlot = atMaster.get(keyOf(ref));
        // What the master lacks nobody can be attached to.
        if (!masterSlot) return [];
        return suspect(ref, atNode.get(keyOf(ref)) ?? null, masterSlot, (code) =>
          past.get(pastKey({ node, ref, code })),
        );
      });
    });
}

/** Looks older than this say nothing about now, in milliseconds. */
const freshMs = 5_000;

function freshLook(
  { seen, now }: FindingsInput,
  node: string,
  since: number,
): ReadonlyMap<string, SeenSlot> | null {
  const look = seen.get(node);
  if (!look || look.at < since || now - look.at > freshMs) return null;
  return new Map(look.slots.map((slot) => [keyOf(slot), slot]));
}

function isDue({ code, since, position }: Suspicion, now: number): boolean {
  if (code === 'beyond') return false;
  return now - since >= (code === 'hollow' && isZero(position) ? emptyHollowLastsMs : lastsMs[code]);
}

function isZero(position: BinlogPosition | null): boolean {
  return position?.file === 0 && position.offset === 0;
}

function grouped(due: readonly Suspicion[]): Finding[] {
  const found = new Map<string, Suspicion[]>();
  for (const one of due) {
    const key = `${FINDING_CODES.indexOf(one.code as FindingCode)} ${one.group} ${one.node}`;
    found.set(key, [...(found.get(key) ?? []), one]);
  }
  return [...found]
    .sort(([a], [b]) => a.localeCompare(b))
    .flatMap(([, [first, ...rest]]) => (first ? [findingOf(first, [first, ...rest])] : []));
}

function findingOf({ code, group, node, master }: Suspicion, all: readonly Suspicion[]): Finding {
  const slots = all.map(({ ref }) => ref);
  return {
    code: code as FindingCode,
    group,
    node,
    master,
    slots,
    since: Math.min(...all.map(({ since }) => since)),
    message: `${node} ${sentences[code as FindingCode](master)}: ${describeSlots(slots)}`,
  };
}

const sentences: { readonly [code in FindingCode]: (master: string) => string } = {
  diverged: (master) =>
    `was attached plainly to ${master} while it held writes of its own; it looks healthy and is not`,
  'returned-master': (master) => `holds slots as a master of its own, the router's master is ${master}`,
  'restarted-writable': (master) => `has restarted and no longer follows ${master}`,
  'wrong-master': (master) => `follows another node than the router's master ${master}`,
  'refused-by-master': (master) => `is refused by ${master}: it is ahead of it`,
  hollow: (master) => `says that it is connected to ${master} and gets nothing`,
  'stuck-waiting': (master) => `waits for a reply of ${master} that does not come`,
  'slot-missing': (master) => `does not hold slots of its master ${master}`,
};

function pastKey({ node, ref, code }: Pick<Suspicion, 'node' | 'ref' | 'code'>): string {
  return `${node} ${keyOf(ref)} ${code}`;
}
