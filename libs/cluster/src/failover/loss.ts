import { type BinlogPosition } from '../binlog-position';
import { bytesLacking, slotKey } from './copies';
import { type ElectionInput, type MasterTrace } from './election';

/** What a master took with it, as far as anybody saw. */
export interface Loss {
  /**
   * Bytes of binlog the master was seen to have beyond what remains, over the slots it was seen with; null when it was seen with none.
   * It may have written more after it was last looked at: the true loss is no smaller.
   */
  readonly bytes: number | null;
  /**
   * How far back the lost writes reach, in milliseconds before the master was last seen answering. A position that was seen and does not
   * remain was written no later than it was seen, so the true time is no shorter. 0 when everything that was seen remains; null when
   * it is not known which writes are lost, or when the master last answered.
   */
  readonly ms: number | null;
  /** Owned slots of which it is not known what the master had. */
  readonly unknownSlots: number;
}

/**
 * What is lost when of every slot the position that `remains` names is all there is.
 * @param remains by `slotKey`; a slot it does not have counts as unknown
 */
export function lossOf(
  { slots, masterTrace, masterSeenAt }: ElectionInput,
  remains: ReadonlyMap<string, BinlogPosition>,
): Loss {
  const traces = newestTraces(masterTrace);
  const known = slots.flatMap((ref) => {
    const trace = traces.get(slotKey(ref));
    const left = remains.get(slotKey(ref));
    return trace && left ? [{ at: trace.at, bytes: bytesLacking(left, trace.position) }] : [];
  });
  const unknownSlots = slots.length - known.length;
  if (known.length === 0) return { bytes: null, ms: null, unknownSlots };
  const lost = known.filter(({ bytes }) => bytes > 0);
  const reach = lost.map(({ at }) => Math.max(1, (masterSeenAt ?? at) - at));
  return {
    bytes: lost.reduce((sum, { bytes }) => sum + bytes, 0),
    ms: lost.length > 0 && masterSeenAt === null ? null : Math.max(0, ...reach),
    unknownSlots,
  };
}

/** True when what is known to be lost is more than may be. What is not known is not above a limit. */
export function isAboveLimit({ bytes, ms }: Loss, { maxLossBytes, maxLossMs }: ElectionInput): boolean {
  return (bytes ?? 0) > maxLossBytes || (maxLossMs !== null && (ms ?? 0) > maxLossMs);
}

function newestTraces(traces: readonly MasterTrace[]): ReadonlyMap<string, MasterTrace> {
  const byAge = [...traces].sort((a, b) => a.at - b.at);
  return new Map(byAge.map((trace) => [slotKey(trace), trace]));
}
