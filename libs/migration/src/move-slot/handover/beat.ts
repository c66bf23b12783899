import { setTimeout as pause } from 'node:timers/promises';

/**
 * Waits for the next beat of a clock that strikes every `ms` milliseconds in this process: moves that wait for the router look at it
 * together then and share one look, however many they are, instead of keeping it busy one after the other.
 */
export function nextBeat(ms: number): Promise<void> {
  return pause(ms - (performance.now() % ms));
}
