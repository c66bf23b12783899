import { type SlotInfo } from '@slotferry/pika';
import { type Step } from './recording';

/** What the recorded bytes say, read without the client. */

export function fact({ reply }: Step, pattern: RegExp): string {
  const found = pattern.exec(reply)?.[1];
  if (found === undefined) throw new Error(`the recorded reply lacks ${pattern.source}`);
  return found;
}

export function pairValue(reply: unknown): unknown {
  return Array.isArray(reply) ? (reply[1] ?? null) : undefined;
}

export function tablesOf({ reply }: Step, version: string): unknown[] {
  if (version === '3.2.9') return [{ table: 0, slots: 1024, load: null }];
  return [...reply.matchAll(/table_id: (\d+)\r\n {2}partition_num: (\d+)/g)].map(([, table, slots]) => ({
    table: Number(table),
    slots: Number(slots),
    load: { qps: 0, writeQps: 0, readQps: 0 },
  }));
}

export function slotsOf({ reply }: Step): SlotInfo[] {
  return reply
    .split(/(?=\(db)/)
    .slice(1)
    .map((block) => {
      const [, table, slot, file, offset] = (
        /^\(db(\d+):(\d+)\) binlog_offset=(\d+) (\d+),/.exec(block) ?? []
      ).map(Number);
      const master = /^ {2}master: (.+)\r$/m.exec(block)?.[1];
      return {
        table,
        slot,
        position: { file, offset },
        safetyPurge: null,
        slaves: [
          ...block.matchAll(/slave\[\d\]: (\S+)\r\n {2}replication_status: (\S+)\r\n {2}lag: (\d+)/g),
        ].map(([, address, status, lag]) => ({ address, status, lag: Number(lag) })),
        following: master ? { master, status: /slave status: (\S+)/.exec(block)?.[1] ?? null } : null,
      } as SlotInfo;
    });
}
