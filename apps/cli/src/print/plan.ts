import { parseSlots } from '@slotferry/cluster';
import { type StoredPlan } from '@slotferry/migration';
import { showDuration } from '../duration';
import { table } from './table';

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
  const { inFlight, perSource, perTarget, maxFailed, windows = [] } = limits;
  const numbers = `${inFlight} in flight, ${perSource} per source, ${perTarget} per target, at most ${maxFailed} stuck`;
  return windows.length === 0 ? numbers : `${numbers}, only ${windows.join(', ')} UTC`;
}

function groups({ groups: all }: StoredPlan): string {
  const rows = all.map(({ group, before, after }) => [
    String(group),
    String(before),
    String(after),
    change(after - before),
  ]);
  return table(['GROUP', 'SLOTS', 'AFTER', 'CHANGE'], rows);
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

function outlook({ count, estimate, boundBy, limits }: StoredPlan): string {
  const [fastest, slowest] = [estimate.fastest, estimate.slowest].map((seconds) =>
    showDuration(seconds * 1_000),
  );
  return [
    `${count} ${count === 1 ? 'slot moves' : 'slots move'}, in ${fastest} to ${slowest}`,
    `what bounds the speed: ${boundBy}`,
    `limits: ${showLimits(limits)}`,
  ].join('\n');
}

function change(by: number): string {
  return by > 0 ? `+${by}` : String(by);
}

function time(iso: string): string {
  return iso.replace('T', ' ').slice(0, 19);
}
