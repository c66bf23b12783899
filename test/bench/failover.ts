import { type WorkflowState } from '@slotferry/workflow';
import { Product } from './failover/product';
import { Sentinels } from './failover/sentinels';

const defaults = { runs: 20, downAfterMs: 1_000 };
const limitMs = 30_000;
const medianTargetMs = 1_400;
const percentiles = [50, 75, 90, 100];

/**
 * Kills masters, again and again, of the product's sandbox and of real Redis under three real Sentinels, with the same down-after time,
 * and measures how long clients could not write. One kill at a time: they do not disturb each other.
 */
async function main(): Promise<number> {
  const { runs, downAfterMs } = readArguments(process.argv.slice(2));
  const [product, sentinels] = await Promise.all([Product.start(downAfterMs), Sentinels.start(downAfterMs)]);
  const turns = new Turns();
  const takeovers: { firstWriteMs: number; choseTheBetter: boolean; state: WorkflowState }[] = [];
  const sentinelMs: number[] = [];
  try {
    await Promise.all([
      repeat(runs, async () => {
        takeovers.push(await turns.take(() => product.kill(limitMs)));
        progress('Slotferry', takeovers.length, runs, takeovers.at(-1)?.firstWriteMs);
        await product.restore();
      }),
      repeat(runs, async () => {
        sentinelMs.push(await turns.take(() => sentinels.kill(limitMs)));
        progress('Sentinel', sentinelMs.length, runs, sentinelMs.at(-1));
        await sentinels.restore();
      }),
    ]);
    return report(
      takeovers.map(({ firstWriteMs }) => firstWriteMs),
      sentinelMs,
      {
        downAfterMs,
        begun: (await product.failovers()).length,
        better: takeovers.filter(({ choseTheBetter }) => choseTheBetter).length,
      },
    );
  } finally {
    await Promise.all([product.stop(), sentinels.stop()]);
  }
}

/** Prints what was measured and says how it compares with the targets. Returns the exit code. */
function report(
  own: readonly number[],
  sentinel: readonly number[],
  { downAfterMs, begun, better }: { downAfterMs: number; begun: number; better: number },
): number {
  console.log(
    `\nFrom the kill of a master to the first acknowledged write, down-after ${downAfterMs} ms, ${own.length} runs each`,
  );
  console.log('               Slotferry   Redis Sentinel   ratio');
  for (const percent of percentiles) {
    const [mine, theirs] = [at(own, percent), at(sentinel, percent)];
    const label = percent === 50 ? 'median' : percent === 100 ? 'worst' : `p${percent}`;
    console.log(
      `${label.padEnd(12)} ${ms(mine)} ${ms(theirs).padStart(16)} ${(theirs / mine).toFixed(2).padStart(7)}`,
    );
  }
  const targets: [string, boolean][] = [
    [
      `the median is at most ${medianTargetMs + downAfterMs - 1_000} ms`,
      at(own, 50) <= medianTargetMs + downAfterMs - 1_000,
    ],
    ['ahead of Sentinel in every percentile', range(100).every((p) => at(own, p) < at(sentinel, p))],
    [`one failover for each kill: ${begun} for ${own.length}`, begun === own.length],
    [`the better replica was chosen ${better} times of ${own.length}`, better === own.length],
  ];
  console.log('');
  for (const [text, held] of targets) console.log(`${held ? 'held  ' : 'MISSED'}  ${text}`);
  return targets.every(([, held]) => held) ? 0 : 1;
}

/** One measured section at a time. */
class Turns {
  private last: Promise<unknown> = Promise.resolve();

  take<T>(section: () => Promise<T>): Promise<T> {
    const mine = this.last.then(section);
    this.last = mine.catch(() => undefined);
    return mine;
  }
}

async function repeat(times: number, once: () => Promise<void>): Promise<void> {
  for (let time = 0; time < times; time += 1) await once();
}

function progress(who: string, run: number, runs: number, took = 0): void {
  console.log(`${who.padEnd(10)} ${String(run).padStart(3)} of ${runs}: ${Math.round(took)} ms`);
}

function at(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}

function range(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}

function ms(value: number): string {
  return `${Math.round(value)} ms`.padStart(10);
}

function readArguments(args: readonly string[]): typeof defaults {
  const value = (name: string, fallback: number): number => {
    const index = args.indexOf(name);
    const given = Number(args[index + 1]);
    if (index < 0) return fallback;
    if (!Number.isInteger(given) || given < 1) throw new Error(`${name} takes a whole number, 1 or more`);
    return given;
  };
  return { runs: value('--runs', defaults.runs), downAfterMs: value('--down-after', defaults.downAfterMs) };
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
