import { setTimeout as pause } from 'node:timers/promises';

/** Looks again and again until there is something to see; gives up after `limitMs` and says what it waited for. */
export async function eventually<T>(
  what: string,
  look: () => T | null | undefined | false | Promise<T | null | undefined | false>,
  limitMs: number,
): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const seen = await look();
    if (seen !== null && seen !== undefined && seen !== false) return seen;
    if (performance.now() > deadline) throw new Error(`within ${limitMs} ms there was no sign of: ${what}`);
    await pause(20);
  }
}
