import { positionsEqual } from '@slotferry/cluster';
import { type Fingerprint, PikaError } from '@slotferry/pika';
import type { Cast } from './cast';

export interface SampleResult {
  readonly compared: number;
  /** Different, though the target has taken no write since: the copies differ. */
  readonly wrong: number;
  /** Different or gone, which clients may have done since the handover. */
  readonly rewritten: number;
  readonly example: string;
}

/** Keys compared when nothing is odd about them: each costs both nodes some commands, and a cluster has a thousand slots. */
const firstLook = 2;
/** Keys compared when something is. */
const sampleSize = 64;
/** Of the sample, so many missing keys are more than clients delete in a moment: the copy is not what it should be. */
const missingShare = 0.5;
const missingAtLeast = 8;

/**
 * Compares keys of the source, which stands still, with the target, which serves clients by now: a few, and many where one of
 * these differs.
 */
export async function compareSamples(cast: Cast): Promise<SampleResult> {
  const few = await compare(cast, firstLook);
  return few.wrong === 0 && few.rewritten === 0 ? few : compare(cast, sampleSize);
}

async function compare(cast: Cast, count: number): Promise<SampleResult> {
  const { sourceMaster, targetMaster, slot, table } = cast;
  const listed = someKeys(cast, count);
  listed.catch(() => undefined); // Of no matter where there is nothing to compare.
  const [source, before] = await Promise.all([
    sourceMaster.slot(slot, table),
    targetMaster.slot(slot, table),
  ]);
  if (!source || !before) return { compared: 0, wrong: 0, rewritten: 0, example: '' };
  const sample = await listed;
  const pairs = await Promise.all(
    sample.map(async (key) => {
      const [old, now] = await Promise.all([sourceMaster.fingerprint(key), targetMaster.fingerprint(key)]);
      return { key, old, now };
    }),
  );
  const after = await targetMaster.slot(slot, table);
  const still = after !== null && positionsEqual(source.position, after.position);
  const different = pairs.filter(({ old, now }) => differs(old, now));
  const missing = different.filter(({ old, now }) => now.type === 'none' && !old.ttlSet);
  const hollow = missing.length >= missingAtLeast && missing.length > sample.length * missingShare;
  const wrong = still ? different : hollow ? missing : [];
  return {
    compared: sample.length,
    wrong: wrong.length,
    rewritten: different.length - wrong.length,
    example: JSON.stringify(String(wrong[0]?.key ?? '').slice(0, 60)),
  };
}

/** None where the version cannot list the keys of a slot: the positions are then the only proof. */
async function someKeys({ sourceMaster, slot }: Cast, count: number): Promise<Buffer[]> {
  try {
    return (await sourceMaster.scanSlot(slot, '0', count)).keys.slice(0, count);
  } catch (error) {
    if (error instanceof PikaError && (error.code === 'unsupported' || error.code === 'syntax')) return [];
    throw error;
  }
}

/** A key that was to expire may do so at one end a moment earlier. */
function differs(old: Fingerprint, now: Fingerprint): boolean {
  if (old.ttlSet && (old.type === 'none' || now.type === 'none')) return false;
  return old.type !== now.type || old.digest !== now.digest;
}
