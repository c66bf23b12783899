import { CodisError } from '../protocol/codis-error';
import { processSlotActions } from './migration-round';
import { sampleProxies, sampleServers } from './sampling';
import { processSyncAction } from './sync-actions';
import { type Topom } from './topom';

/** Starts the four loops of an online dashboard; they end with it. */
export function startLoops(topom: Topom): Promise<void>[] {
  const { afterErrorMs } = topom.config.timings;
  return [
    loop(topom, sampleServers, 0),
    loop(topom, sampleProxies, 0),
    loop(topom, processSlotActions, afterErrorMs),
    loop(topom, processSyncAction, afterErrorMs),
  ];
}

async function loop(
  topom: Topom,
  round: (topom: Topom) => Promise<void>,
  afterErrorMs: number,
): Promise<void> {
  while (!topom.isClosed) {
    await topom.gate.pass();
    try {
      await round(topom);
    } catch (error) {
      if (!(error instanceof CodisError)) throw error;
      await topom.rest(afterErrorMs);
    }
    await topom.rest(topom.config.timings.idleMs);
  }
}
