import { type Measured } from './measured';

/** One thing that has to hold. */
export interface Target {
  readonly name: string;
  readonly reached: boolean;
  readonly found: string;
}

/** Share of the bare chain's throughput that the engine has to keep. */
const leastShare = 0.5;
/** A phase may cost this many times as much with ten times the workflows: flat, but for noise and caches. */
const mostGrowth = 1.25;

export function targetsOf({ share, growth }: Measured): Target[] {
  return [
    {
      name: `at least ${leastShare * 100} % of the bare chain`,
      reached: share >= leastShare,
      found: `${(share * 100).toFixed(0)} %`,
    },
    {
      name: `10,000 workflows cost at most ${mostGrowth} times as much a phase as 1,000`,
      reached: growth <= mostGrowth,
      found: `${growth.toFixed(2)} times`,
    },
  ];
}
