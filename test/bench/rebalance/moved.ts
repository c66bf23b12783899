import { type BenchCluster } from './bench-cluster';

/** From when to when clients of a slot may have been held, in wall clock milliseconds. */
export interface HoldWindow {
  readonly slot: number;
  readonly from: number;
  readonly to: number;
}

/** How the slots were moved. */
export interface Moved {
  /** From the first command to the last answer, in seconds. */
  readonly seconds: number;
  /** For how long each slot was held, in milliseconds, counted from the last moment at which it surely was not. */
  readonly heldMs: readonly number[];
  readonly windows: readonly HoldWindow[];
}

/** One way to move slots from group 1 to the empty group 3 and to clean up behind them. */
export interface Way {
  readonly name: string;
  /** Gets everything ready that is there before anybody wants to move a slot. */
  ready(cluster: BenchCluster): Promise<ReadyWay>;
}

export interface ReadyWay {
  move(slots: readonly number[]): Promise<Moved>;
  stop(): Promise<void>;
}
