import {
  type Candidate,
  type CopyState,
  formatPosition,
  parsePosition,
  type SlotRef,
  type SurveyedSlot,
} from '@slotferry/cluster';

/** What a survey found, small enough for the log: a line for each slot. */
export type SurveyFact = {
  readonly candidates: readonly CandidateFact[];
  readonly masterSeenAt: number | null;
  /** `slot file offset`, by table. */
  readonly masterTrace: { readonly [table: string]: readonly string[] };
};

type CandidateFact = {
  readonly node: string;
  readonly problem: string | null;
  readonly prefer: boolean;
  readonly never: boolean;
  readonly zone: string | null;
  /** `slot file offset`, with the state behind it unless the copy was following; by table. */
  readonly slots: { readonly [table: string]: readonly string[] };
};

export function writeCandidate({ slots, ...rest }: Candidate): CandidateFact {
  return { ...rest, slots: linesByTable(slots, writeSlot) };
}

export function readCandidate({ slots, ...rest }: CandidateFact): Candidate {
  return {
    ...rest,
    slots: Object.entries(slots).flatMap(([table, lines]) =>
      lines.map((line) => readSlot(Number(table), line)),
    ),
  };
}

/** Lines of slots by table. */
export function linesByTable<T extends SlotRef>(
  slots: readonly T[],
  write: (slot: T) => string,
): { readonly [table: string]: readonly string[] } {
  const tables: Record<string, string[]> = {};
  for (const slot of slots) (tables[String(slot.table)] ??= []).push(write(slot));
  return tables;
}

function writeSlot({ slot, position, state }: SurveyedSlot): string {
  const where = position ? formatPosition(position) : '- -';
  return `${slot} ${where}${state === 'following' ? '' : ` ${state}`}`;
}

function readSlot(table: number, line: string): SurveyedSlot {
  const [slot, file, offset, state = 'following'] = line.split(' ');
  const position = file === '-' ? null : parsePosition(`${file} ${offset}`);
  return { table, slot: Number(slot), position, state: state as CopyState };
}
