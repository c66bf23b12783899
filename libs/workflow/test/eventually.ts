import { sleep } from '@slotferry/platform';

/** Looks again and again until `look` gives a value that is not false, null or undefined. Throws after `limitMs`. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | false | null | undefined>,
  limitMs = 15_000,
): Promise<T> {
  for (const end = Date.now() + limitMs; ;) {
    const found = await look();
    if (found !== false && found !== null && found !== undefined) return found;
    if (Date.now() > end) throw new Error(`${what}: not seen within ${limitMs} ms`);
    await sleep(10);
  }
}
