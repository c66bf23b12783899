import { type RebalanceProgress } from '@slotferry/migration';
import { showDuration } from '../duration';

const BAR_WIDTH = 24;

/** Where a rebalance stands, in one line. */
export function showRebalanceProgress(progress: RebalanceProgress): string {
  const { total, moved, moving, waiting, stuck, skipped, ratePerSecond, etaSeconds } = progress;
  return [
    `${moved} of ${total} moved`,
    ...(moving > 0 ? [`${moving} on their way`] : []),
    ...(waiting > 0 ? [`${waiting} waiting${because(progress)}`] : []),
    ...(stuck > 0 ? [`${stuck} STUCK`] : []),
    ...(skipped > 0 ? [`${skipped} left out`] : []),
    ...(ratePerSecond !== null ? [`${ratePerSecond} a second`] : []),
    ...(etaSeconds !== null && moving + waiting > 0 ? [`${showDuration(etaSeconds * 1_000)} left`] : []),
    ...held(progress),
  ].join(', ');
}

/** The same behind a bar: `[######..........]  25%  …`. */
export function showBar(progress: RebalanceProgress): string {
  const { total, moved, skipped } = progress;
  const share = total === 0 ? 1 : (moved + skipped) / total;
  const full = Math.floor(share * BAR_WIDTH);
  const percent = `${Math.floor(share * 100)}%`.padStart(4);
  return `[${'#'.repeat(full)}${'.'.repeat(BAR_WIDTH - full)}] ${percent}  ${showRebalanceProgress(progress)}`;
}

/** Why no more are on their way. */
function because({ boundBy, pace, paceBecause, opensAt }: RebalanceProgress): string {
  switch (boundBy) {
    case 'nothing-left':
      return '';
    case 'slowed-down':
      return ` (slowed down to ${Math.round(pace * 100)}%: ${paceBecause})`;
    case 'creating-slots':
      return ' (slots are being created)';
    case 'stopped':
      return ' (stopped by an operator)';
    case 'too-many-stuck':
      return ' (too many are stuck)';
    case 'held-by-others':
      return ' (other workflows hold their slots)';
    case 'outside-windows':
      return opensAt === null
        ? ' (no window ever opens)'
        : ` (until the window at ${opensAt.slice(11, 16)} UTC)`;
    default:
      return ` (${boundBy})`;
  }
}

function held({ held: times }: RebalanceProgress): string[] {
  if (times === null) return [];
  const [median, p99, max] = [times.median, times.p99, times.max].map(showDuration);
  return [`clients held ${median} (p99 ${p99}, longest ${max})`];
}
