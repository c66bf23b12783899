import type { AttachedSlave, SlaveState, SlotInfo } from '@slotferry/pika';

/** What a node says about a slot, made up for a spec. */
export function slotInfo(given: Partial<SlotInfo> & { readonly at?: number } = {}): SlotInfo {
  const { at = 0, ...rest } = given;
  return {
    table: 0,
    slot: 5,
    position: { file: 0, offset: at },
    safetyPurge: null,
    slaves: [],
    following: null,
    ...rest,
  };
}

/** A slot that follows `master` and stands at offset `at`. */
export function followerOf(master: string, at: number, status: SlaveState | null = 'kConnected'): SlotInfo {
  return slotInfo({ at, following: { master, status } });
}

/** A slot that lists `slave` with a lag and stands at offset `at`. */
export function masterOf(slave: string, at: number, lag: number | null = 0): SlotInfo {
  return slotInfo({ at, slaves: [attached(slave, lag)] });
}

function attached(address: string, lag: number | null): AttachedSlave {
  return { address, status: lag === null ? 'SlaveNotSync' : 'SlaveBinlogSync', lag };
}
