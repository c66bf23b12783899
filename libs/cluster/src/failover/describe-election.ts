import { describeBytes } from './describe-bytes';
import { type Election, type Verdict } from './election';

/** An election as lines of a table for people, and a line with the outcome below it. */
export function describeElection(election: Election): string[] {
  const winner = election.kind === 'elected' ? election.winner : null;
  const rows = election.verdicts.map((verdict) => rowOf(verdict, winner));
  return [...table([['candidate', 'behind', 'loss', 'verdict'], ...rows]), outcomeOf(election)];
}

function rowOf(
  { node, behindBytes, lossBytes, eligible, reasons }: Verdict,
  winner: string | null,
): string[] {
  const word = eligible ? 'eligible' : 'not eligible';
  const verdict = [node === winner ? 'elected' : word, reasons.join(' ')].filter((part) => part !== '');
  return [node, amount(behindBytes), amount(lossBytes), verdict.join(': ')];
}

function outcomeOf(election: Election): string {
  if (election.kind === 'undecided') return `undecided (${election.code}): ${election.message}`;
  const { winner, tails, lossBytes, lossMs } = election;
  const sources = [...new Set(tails.map(({ from }) => from))].sort().join(', ');
  const catchUp =
    tails.length === 0 ? '' : ` after it got the rest of ${slots(tails.length)} from ${sources}`;
  const time = lossMs === null || lossMs === 0 ? '' : `, of ${lossMs} ms or more`;
  const loss = lossBytes === null ? 'loss not known' : `known loss ${describeBytes(lossBytes)}${time}`;
  return `${winner} becomes master${catchUp}; ${loss}`;
}

function amount(bytes: number | null): string {
  return bytes === null ? 'not known' : describeBytes(bytes);
}

function slots(count: number): string {
  return count === 1 ? '1 slot' : `${count} slots`;
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
