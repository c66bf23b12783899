import { keyOf, parseSlots, parseTableSlots } from '@slotferry/cluster';
import { expandMoves, type StoredPlan } from '@slotferry/migration';
import { showDuration } from '../duration';
import { showBytes, showNumber } from './size';
import { table } from './table';

type BySize = Extract<StoredPlan['goal'], { readonly kind: 'even-by-size' }>;

/** What a rebalance would do, for people. */
export function showPlan(plan: StoredPlan): string {
  const { id, cluster, createdAt, expiresAt, count } = plan;
  return [
    `plan ${id} for cluster ${cluster}, made ${time(createdAt)}, kept until ${time(expiresAt)}`,
    groups(plan),
    ...(count > 0 ? [pairs(plan), outlook(plan)] : ['nothing has to move']),
  ].join('\n\n');
}

/** The limits of a rebalance in one line. */
export function showLimits(limits: StoredPlan['limits']): string {
  const { inFlight, perSource, perTarget, copiesPerSource, copiesPerTarget } = limits;
  const { maxFailed, windows = [], first = '' } = limits;
  return [
    `${inFlight} in flight, ${perSource} per source, ${perTarget} per target`,
    `full copies ${copiesPerSource} per source, ${copiesPerTarget} per target`,
    `at most ${maxFailed} stuck`,
    ...(windows.length > 0 ? [`only ${windows.join(', ')} UTC`] : []),
    ...(first === '' ? [] : [`slots ${first} first`]),
  ].join(', ');
}

function groups({ groups: all, goal }: StoredPlan): string {
  const bySlots = table(
    ['GROUP', 'SLOTS', 'AFTER', 'CHANGE'],
    all.map(({ group, before, after }) => [group, before, after, change(after - before)].map(String)),
  );
  if (goal.kind !== 'even-by-size') return bySlots;
  const isWritten = goal.measure === 'written';
  const show = isWritten ? showBytes : showNumber;
  const bySize = table(
    ['GROUP', isWritten ? 'WRITTEN' : 'SIZE', 'AFTER'],
    all.map(({ group, size }) => [String(group), show(size?.before ?? 0), show(size?.after ?? 0)]),
  );
  return [
    bySlots,
    bySize,
    `evened out by ${measureOf(goal)}, within ${showNumber(goal.tolerance * 100)} %`,
  ].join('\n\n');
}

function measureOf({ measure, table: id }: BySize): string {
  const what =
    measure === 'written'
      ? 'what was written to the slots, which is not what is stored'
      : 'the sizes that were given';
  return id === undefined ? what : `${what}, of table ${id}`;
}

function pairs({ moves }: StoredPlan): string {
  const rows = moves.map(({ table: id, from, to, slots }) => [
    String(from),
    String(to),
    String(parseSlots(slots).length),
    id === 0 ? slots : `${slots} of table ${id}`,
  ]);
  return table(['FROM', 'TO', 'COUNT', 'WHICH'], rows);
}

function outlook(plan: StoredPlan): string {
  const { count, estimate, boundBy, limits } = plan;
  const [fastest, slowest] = [estimate.fastest, estimate.slowest].map((seconds) =>
    showDuration(seconds * 1_000),
  );
  return [
    `${count} ${count === 1 ? 'slot moves' : 'slots move'}, in ${fastest} to ${slowest}`,
    `what bounds the speed: ${boundBy}`,
    `limits: ${showLimits(limits)}`,
    ...goesFirst(plan),
  ].join('\n');
}

/** Slots that are to go first, but do not move, would never be missed. */
function goesFirst({ moves, limits: { first = '' } }: StoredPlan): string[] {
  if (first === '') return [];
  const moving = new Set(expandMoves(moves).map(keyOf));
  const count = parseTableSlots(first).filter((slot) => moving.has(keyOf(slot))).length;
  return [
    `of slots ${first}, which go first, ${count === 0 ? 'none' : count} ${count > 1 ? 'move' : 'moves'}`,
  ];
}

function change(by: number): string {
  return by > 0 ? `+${by}` : String(by);
}

function time(iso: string): string {
  return iso.replace('T', ' ').slice(0, 19);
}
