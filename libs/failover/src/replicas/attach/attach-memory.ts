import {
  type AttachmentMark,
  formatPosition,
  formatSlots,
  parsePosition,
  parseSlots,
  type SlotRef,
} from '@slotferry/cluster';
import type { Json } from '@slotferry/workflow';
import { keyOf } from '../../slots/slot-lists';
import type { RejoinContext } from '../rejoin-scene';

/** What is remembered of the attachments between looks. */
export interface AttachMemory {
  /** Of slots that follow and have not reached their mark. */
  readonly marks: Map<string, AttachmentMark>;
  /** Since when each slot waits for the master's reply, wall clock milliseconds. */
  readonly waiting: Map<string, number>;
  /** Slots that were attached plainly. */
  readonly attached: Set<string>;
  /** Slots for which a full copy was asked. */
  readonly forced: Set<string>;
  /** Slots whose copy is replaced though it was not measured as diverged: it was hollow, or an operator said so. */
  readonly replace: Set<string>;
  /** Slots that have reached their mark. */
  readonly met: Set<string>;
}

interface Stored {
  readonly marks: { readonly [slot: string]: readonly [master: string, follower: string, at: number] };
  readonly waiting: { readonly [slot: string]: number };
  readonly attached: string;
  readonly forced: string;
  readonly replace: string;
  readonly met: string;
}

const memoryFact = 'attachments';
const nothing: Stored = { marks: {}, waiting: {}, attached: '', forced: '', replace: '', met: '' };

export function recallAttachments(context: RejoinContext): AttachMemory {
  const stored = (context.facts[memoryFact] as unknown as Stored | undefined) ?? nothing;
  return {
    marks: new Map(
      Object.entries(stored.marks).map(([slot, [master, follower, at]]) => [
        slot,
        { master: parsePosition(master), follower: parsePosition(follower), at },
      ]),
    ),
    waiting: new Map(Object.entries(stored.waiting)),
    attached: unpack(stored.attached),
    forced: unpack(stored.forced),
    replace: unpack(stored.replace),
    met: unpack(stored.met),
  };
}

export function rememberAttachments(context: RejoinContext, memory: AttachMemory): void {
  const stored: Stored = {
    marks: Object.fromEntries(
      [...memory.marks].map(([slot, { master, follower, at }]) => [
        slot,
        [formatPosition(master), formatPosition(follower), at] as const,
      ]),
    ),
    waiting: Object.fromEntries(memory.waiting),
    attached: pack(memory.attached),
    forced: pack(memory.forced),
    replace: pack(memory.replace),
    met: pack(memory.met),
  };
  const before = context.facts[memoryFact] ?? nothing;
  if (JSON.stringify(before) === JSON.stringify(stored)) return;
  context.record({ [memoryFact]: stored as unknown as Json });
}

/** `0/1-3,8 1/5`: short also for thousands of slots. */
function pack(keys: ReadonlySet<string>): string {
  const tables = new Map<number, number[]>();
  for (const key of keys) {
    const { table, slot } = refOf(key);
    tables.set(table, [...(tables.get(table) ?? []), slot]);
  }
  return [...tables].map(([table, slots]) => `${table}/${formatSlots(slots)}`).join(' ');
}

function unpack(text: string): Set<string> {
  const keys = text.split(' ').flatMap((part) => {
    const [table, slots] = part.split('/');
    return slots ? parseSlots(slots).map((slot) => keyOf({ table: Number(table), slot })) : [];
  });
  return new Set(keys);
}

function refOf(key: string): SlotRef {
  const [table, slot] = key.split('/').map(Number);
  return { table: table ?? 0, slot: slot ?? 0 };
}
