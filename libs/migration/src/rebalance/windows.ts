/** When a rebalance may put a load on the cluster: times of day, UTC, as `01:00-06:00`; `22:00-02:00` goes over midnight. */
export type Windows = readonly string[];

/** Most windows a rebalance may have. */
export const maxWindows = 16;

const dayMinutes = 24 * 60;
const minuteMs = 60_000;

/** What is wrong with the text of a window, or null when it is one. */
export function windowProblem(text: string): string | null {
  const window = readWindow(text);
  if (!window) return `"${text}" is not a time of day from and to, as 01:00-06:00`;
  return window.from === window.to
    ? `"${text}" begins when it ends: leave windows out for the whole day`
    : null;
}

/**
 * Is a window open? Without windows it always is.
 * @param now wall clock milliseconds
 */
export function isOpen(windows: Windows, now: number): boolean {
  return windows.length === 0 || opensAt(windows, now) === now;
}

/** When the next window opens, wall clock milliseconds; `now` when one is open. Texts that are no windows count as never. */
export function opensAt(windows: Windows, now: number): number | null {
  const times = windows.flatMap((text) => {
    const window = readWindow(text);
    return window ? [opening(window, now)] : [];
  });
  return times.length === 0 ? null : Math.min(...times);
}

interface Window {
  /** Minutes of the day; `to` is not in it. */
  readonly from: number;
  readonly to: number;
}

function readWindow(text: string): Window | null {
  const match = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (!match) return null;
  const [fromHours = 0, fromMinutes = 0, toHours = 0, toMinutes = 0] = match.slice(1).map(Number);
  return { from: fromHours * 60 + fromMinutes, to: toHours * 60 + toMinutes };
}

function opening({ from, to }: Window, now: number): number {
  const midnight = now - (now % (dayMinutes * minuteMs));
  const minute = Math.floor((now - midnight) / minuteMs);
  const inside = from < to ? minute >= from && minute < to : minute >= from || minute < to;
  if (inside) return now;
  const start = midnight + from * minuteMs;
  return start > now ? start : start + dayMinutes * minuteMs;
}
