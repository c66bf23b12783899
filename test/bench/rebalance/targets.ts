import { type WayOutcome } from './outcome';

/** One thing that has to hold. */
export interface Target {
  readonly name: string;
  readonly reached: boolean;
  readonly found: string;
}

/** What the ways came to, by what they are. */
export interface Outcomes {
  readonly byHand: WayOutcome;
  readonly atProxies: WayOutcome;
  readonly byActions: WayOutcome;
  readonly floor: WayOutcome;
}

export function targetsOf({ byHand, atProxies, byActions, floor }: Outcomes): Target[] {
  return [
    times('held at the proxies against steps by hand', atProxies, byHand, 12),
    times('dashboard actions against steps by hand', byActions, byHand, 6),
    times('dashboard actions against the floor', byActions, floor, 0.6),
    ...[atProxies, byActions].flatMap(({ name, stall }) => [
      stallTarget(`${name}: median stall`, stall.median, 40),
      stallTarget(`${name}: p99 stall`, stall.p99, 120),
    ]),
    ...[byHand, atProxies, byActions, floor].map(({ name, lost, errors, astray }) => ({
      name: `${name}: nothing lost, no error, no slot astray`,
      reached: lost === 0 && errors === 0 && astray === 0,
      found: `${lost}, ${errors}, ${astray}`,
    })),
  ];
}

function times(name: string, one: WayOutcome, other: WayOutcome, least: number): Target {
  const ratio = one.slotsPerSecond / other.slotsPerSecond;
  return {
    name: `${name}: at least ${least} times`,
    reached: ratio >= least,
    found: `${ratio.toFixed(2)} times`,
  };
}

function stallTarget(name: string, found: number, most: number): Target {
  return { name: `${name} at most ${most} ms`, reached: found <= most, found: `${found.toFixed(0)} ms` };
}
