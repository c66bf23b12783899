import { setTimeout as pause } from 'node:timers/promises';

/** The first answer that is neither null, undefined nor false. Fails after 10 s. */
export async function until<T>(what: string, look: () => T | Promise<T>): Promise<NonNullable<T>> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`waited 10 s for ${what}`);
    await pause(20);
  }
}
