import { setTimeout as pause } from 'node:timers/promises';

/** A pause that takes so much longer than it should tells that the process has much to do, in milliseconds. */
const [pauseMs, lateMs] = [5, 7];
const calmPauses = 2;

/** Resolves when this process has little to do, or after `limitMs`: while it is busy, clients who are held would wait for it. */
export async function calm(limitMs: number): Promise<void> {
  const begunAt = performance.now();
  for (let inTime = 0; inTime < calmPauses && performance.now() - begunAt < limitMs;) {
    const before = performance.now();
    await pause(pauseMs);
    inTime = performance.now() - before < pauseMs + lateMs ? inTime + 1 : 0;
  }
}
