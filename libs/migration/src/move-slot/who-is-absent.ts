import type { SlotRef } from '@slotferry/cluster';
import type { OpenCluster } from '@slotferry/inventory';
import { PikaError } from '@slotferry/pika';
import { TimeLimitError, withTimeout } from '@slotferry/platform';

/** A node that is not waited for and takes longer to answer counts as away, in milliseconds. */
const answerLimitMs = 500;

export interface Absence {
  /** Takes no part: away, or does not hold the slot. */
  readonly absent: readonly string[];
  /** Does not answer, or refuses to. */
  readonly away: readonly string[];
}

/** Asks nodes that nobody waits for whether they can take part. */
export async function whoIsAbsent(
  cluster: OpenCluster,
  addresses: readonly string[],
  { table, slot }: SlotRef,
): Promise<Absence> {
  const looks = await Promise.all(
    addresses.map(async (address) => {
      const asked = withTimeout(cluster.node(address).slot(slot, table), answerLimitMs, address);
      const info = await asked.catch((error: unknown) => {
        if (error instanceof TimeLimitError || error instanceof PikaError) return 'away' as const;
        throw error;
      });
      return { address, isAway: info === 'away', isAbsent: info === 'away' || info === null };
    }),
  );
  return {
    absent: looks.flatMap(({ address, isAbsent }) => (isAbsent ? [address] : [])),
    away: looks.flatMap(({ address, isAway }) => (isAway ? [address] : [])),
  };
}
