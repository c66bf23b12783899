import { RespConnection, type RespValue, encodeReply } from '../../../apps/sandbox/src/resp';
import { splitAddress } from '../../../apps/sandbox/src/codis/protocol/address';

/** A client of a proxy; the caller closes it. */
export function clientOf(address: string): Promise<RespConnection> {
  return RespConnection.connect(splitAddress(address));
}

/** A reply as the recordings write it: bulk strings as their text, the rest as on the wire. */
export function written(reply: RespValue): string {
  return reply.type === 'bulk' ? (reply.data?.toString() ?? '$-1') : encodeReply(reply).toString().trimEnd();
}

/** A key of that slot. */
export function keyOf(slot: number, slotOf: (key: Buffer) => number): string {
  for (let number = 0; ; number += 1) if (slotOf(Buffer.from(`k${number}`)) === slot) return `k${number}`;
}
