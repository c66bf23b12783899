import type { BinlogPosition } from '@slotferry/cluster';
import type { Cast, MoveContext } from '../cast';
import { drainedFact } from './ledger';
import { timing } from './timing';

/**
 * Makes the target the slot's master. The intent stands in the log before the command leaves: it is the
 * point of no return. `sending` is called once the intent is stored.
 */
export async function detachTarget(
  context: MoveContext,
  cast: Cast,
  drained: BinlogPosition,
  sending: () => void,
): Promise<void> {
  const { targetMaster, sourceMaster, slot, table } = cast;
  await context.command(
    {
      target: `pika ${targetMaster.address}`,
      action: `detach slot ${slot} from ${sourceMaster.address}`,
      send: (gate) => {
        sending();
        return targetMaster.detach([slot], table, gate);
      },
    },
    {
      facts: drainedFact(drained, cast),
      pointOfNoReturn: 'the target is about to be detached: it becomes the master of the slot',
      guard: { name: 'hold', expiresInMs: timing.detachGuard },
    },
  );
}
