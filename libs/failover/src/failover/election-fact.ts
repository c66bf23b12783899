import { type Election, formatPosition, parsePosition, type Tail, type Verdict } from '@slotferry/cluster';

/** An election that was won, as a fact. */
export type ElectionFact = {
  readonly winner: string;
  /** `from table slot file offset` each. */
  readonly tails: readonly string[];
  readonly lossBytes: number | null;
  readonly lossMs: number | null;
  readonly verdicts: readonly VerdictFact[];
};

export type VerdictFact = {
  readonly node: string;
  readonly eligible: boolean;
  readonly reasons: readonly string[];
  readonly behindBytes: number | null;
  readonly lossBytes: number | null;
};

export function writeElection(election: Election & { readonly kind: 'elected' }): ElectionFact {
  const { winner, tails, lossBytes, lossMs, verdicts } = election;
  return { winner, tails: tails.map(writeTail), lossBytes, lossMs, verdicts: verdicts.map(writeVerdict) };
}

export function writeVerdict({ node, eligible, reasons, behindBytes, lossBytes }: Verdict): VerdictFact {
  return { node, eligible, reasons, behindBytes, lossBytes };
}

export function readTails({ tails }: ElectionFact): Tail[] {
  return tails.map((line) => {
    const [from = '', table, slot, ...position] = line.split(' ');
    return { from, table: Number(table), slot: Number(slot), to: parsePosition(position.join(' ')) };
  });
}

function writeTail({ from, table, slot, to }: Tail): string {
  return `${from} ${table} ${slot} ${formatPosition(to)}`;
}
