import { type Round } from './contestant';
import { type MemoryPerWorkflow } from './memory';

/** Everything the benchmark of the engine has found. */
export interface Measured {
  readonly bare: readonly Round[];
  readonly engine: readonly Round[];
  /** Throughput of the engine as a share of the bare chain's, the median over pairs of rounds that followed one another. */
  readonly share: number;
  /** One round each with more and more workflows. */
  readonly growing: readonly Round[];
  /** Processor time a phase with the most workflows over that with a tenth of them. */
  readonly growth: number;
  readonly memory: MemoryPerWorkflow;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
