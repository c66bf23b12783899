import { type FailoverPolicy } from './failover-settings';

type Windows = FailoverPolicy['windows'];

/** True when the minute of the day lies in a window; always when there are none. A window includes its first minute, not its last. */
export function isInWindow(windows: Windows, minuteOfDay: number): boolean {
  return (
    windows.length === 0 ||
    windows.some(({ from, to }) =>
      from <= to ? minuteOfDay >= from && minuteOfDay < to : minuteOfDay >= from || minuteOfDay < to,
    )
  );
}

/** `01:00-06:00 and 22:00-04:00`, UTC. */
export function formatWindows(windows: Windows): string {
  return windows.map(({ from, to }) => `${timeOfDay(from)}-${timeOfDay(to)}`).join(' and ');
}

function timeOfDay(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
}
