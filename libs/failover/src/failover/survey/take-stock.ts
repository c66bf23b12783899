import {
  type Candidate,
  comparePositions,
  flagsOf,
  formatPosition,
  type MasterTrace,
  parsePosition,
  type SlotRef,
  type SurveyedSlot,
} from '@slotferry/cluster';
import type { OpenCluster } from '@slotferry/inventory';
import type { SlotInfo } from '@slotferry/pika';
import { sleep, withTimeout } from '@slotferry/platform';
import { parseSlots } from '@slotferry/cluster';
import type { FailoverMemory, Followed, SeenNode } from '../../store/types';
import { fact, type FailoverContext, requiredFact } from '../facts';
import { lookAtSlots } from '../../slots/look-at-slots';
import { keyOf } from '../../slots/slot-lists';
import { readSlots } from '../../slots/slots-fact';
import { timing } from '../timing';
import { classifyCopy } from './classify-copy';
import { linesByTable, type SurveyFact, writeCandidate } from './survey-fact';

/**
 * Looks at every other server of the group at the same time, at each for `timing.nodeLook` at most, and twice: what still moves is told by the
 * second look. Masters of other groups that have copies of slots on their way are asked for those, too: they cannot win, but may
 * hold more than any replica.
 */
export async function takeStock(
  context: FailoverContext,
  cluster: OpenCluster,
  memory: FailoverMemory,
): Promise<SurveyFact> {
  const { cluster: name, master } = context.input;
  const slots = readSlots(requiredFact(context, 'slots'));
  const replicas = requiredFact(context, 'servers').filter((node) => node !== master);
  const guests = Object.entries(fact(context, 'movingOut') ?? {}).filter(
    ([node]) => !replicas.includes(node),
  );
  const [looks, guestLooks, seen, followed] = await Promise.all([
    Promise.all(replicas.map((node) => lookTwice(cluster, node, slots))),
    Promise.all(guests.map(([node, own]) => lookTwice(cluster, node, readSlots(own)))),
    memory.lastSeen(name, [master]),
    memory.followed(name, [...replicas, ...guests.map(([node]) => node)]),
  ]);
  const lastOfMaster = seen.get(master);
  const past = pastOf(context, lastOfMaster, followed);
  const candidates = [
    ...looks.map((look) => candidateOf(cluster, look, slots, past)),
    ...guestLooks.map((look, index) => ({
      ...candidateOf(cluster, look, readSlots(guests[index]?.[1] ?? {}), past),
      never: true,
    })),
  ];
  return {
    candidates: candidates.map(writeCandidate),
    masterSeenAt: lastOfMaster?.at ?? null,
    masterTrace: linesByTable(
      lastOfMaster?.slots ?? [],
      ({ slot, position }) => `${slot} ${formatPosition(position)}`,
    ),
  };
}

/** The master's last positions, of a survey. */
export function masterTraceOf({ masterTrace, masterSeenAt }: SurveyFact): MasterTrace[] {
  return Object.entries(masterTrace).flatMap(([table, lines]) =>
    lines.map((line) => {
      const [slot, ...position] = line.split(' ');
      return {
        table: Number(table),
        slot: Number(slot),
        position: parsePosition(position.join(' ')),
        at: masterSeenAt ?? 0,
      };
    }),
  );
}

interface Look {
  readonly node: string;
  readonly problem: string | null;
  readonly infos: ReadonlyMap<string, SlotInfo>;
}

async function lookTwice(cluster: OpenCluster, address: string, slots: readonly SlotRef[]): Promise<Look> {
  const node = cluster.node(address);
  const looking = async (): Promise<Look> => {
    const before = await lookAtSlots(node, slots);
    await sleep(timing.surveyGap);
    const now = await lookAtSlots(node, slots);
    for (const [key, info] of before) {
      const later = now.get(key);
      if (later && comparePositions(later.position, info.position) < 0) {
        return {
          node: address,
          problem: `its position of slot ${info.slot} went back while it was looked at`,
          infos: now,
        };
      }
    }
    return { node: address, problem: null, infos: now };
  };
  try {
    return await withTimeout(looking(), timing.nodeLook, `the slots of ${address}`);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { node: address, problem, infos: new Map() };
  }
}

type Past = (node: string, ref: SlotRef) => Parameters<typeof classifyCopy>[1];

function pastOf(
  context: FailoverContext,
  lastOfMaster: SeenNode | undefined,
  followed: ReadonlyMap<string, readonly Followed[]>,
): Past {
  const { master } = context.input;
  const servers = requiredFact(context, 'servers');
  const detaching = fact(context, 'detaching');
  const positions = new Map(lastOfMaster?.slots.map((seen) => [keyOf(seen), seen.position]));
  const lastMasters = new Map(
    [...followed].map(([node, entries]) => [
      node,
      new Map(
        entries.flatMap(({ table, slots, master: last }) =>
          parseSlots(slots).map((slot) => [keyOf({ table, slot }), last] as const),
        ),
      ),
    ]),
  );
  return (node, ref) => ({
    master,
    servers,
    followed: lastMasters.get(node)?.get(keyOf(ref)) ?? null,
    masterPosition: positions.get(keyOf(ref)) ?? null,
    detachedByUs: detaching === node,
  });
}

function candidateOf(cluster: OpenCluster, look: Look, slots: readonly SlotRef[], past: Past): Candidate {
  const { node, problem, infos } = look;
  const survey = (ref: SlotRef): SurveyedSlot => {
    const info = infos.get(keyOf(ref)) ?? null;
    return { ...ref, state: classifyCopy(info, past(node, ref)), position: info?.position ?? null };
  };
  const { prefer, never, zone } = flagsOf(cluster.definition.failover, node);
  return { node, problem, prefer, never, zone, slots: problem === null ? slots.map(survey) : [] };
}
