import { type Spread, type WayOutcome } from './outcome';
import { type Target } from './targets';

const columns = [30, 8, 9, 17, 17, 9, 8, 6, 8];

/** Prints what was measured, for people. Times in milliseconds. */
export function report(outcomes: readonly WayOutcome[], targets: readonly Target[]): void {
  const [first] = outcomes;
  console.log(
    `\n${first?.slots ?? 0} slots from group 1 to an empty group, while clients write to all of them.\n`,
  );
  row('', 'seconds', 'slots/s', 'held', 'stall', 'longest', 'writes', 'lost', 'errors');
  row('', '', '', 'med/p99/max', 'med/p99/max', 'write', '', '', '');
  for (const one of outcomes) {
    row(
      one.name,
      one.seconds.toFixed(1),
      one.slotsPerSecond.toFixed(2),
      spread(one.held),
      spread(one.stall),
      one.longestWriteMs.toFixed(0),
      String(one.writes),
      String(one.lost),
      String(one.errors),
    );
  }
  console.log('');
  for (const { name, reached, found } of targets) {
    console.log(`  ${reached ? 'ok    ' : 'MISSED'} ${name.padEnd(72)}${found}`);
  }
}

function spread({ median, p99, max }: Spread): string {
  return [median, p99, max].map((ms) => ms.toFixed(0)).join('/');
}

function row(...cells: string[]): void {
  const padded = cells.map((cell, index) =>
    index === 0 ? cell.padEnd(columns[0] ?? 0) : cell.padStart(columns[index] ?? 0),
  );
  console.log(`  ${padded.join('')}`);
}
