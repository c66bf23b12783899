/** Wall clock milliseconds with a fraction, the same in all processes of this machine. */
export function wallClock(): number {
  return performance.timeOrigin + performance.now();
}
