import { type TapVerdict } from '../../apps/sandbox/src/tap';
import { type Lab } from './lab';
import { Load, type LoadReport } from './load';
import { type Moment, type Point } from './points';
import { setTrap } from './trap';

export interface Disturbance {
  readonly slot: number;
  readonly point: Point;
  readonly moment: Moment;
  /** What happens in that moment to the move of this id. */
  readonly strike: (id: string) => TapVerdict | Promise<TapVerdict>;
  /** What happens between the strike and the end of the move. */
  readonly afterwards?: (id: string) => Promise<void>;
}

const endLimitMs = 40_000;
/** What no client may wait longer for than: the hold budget of 1 s and 2 s more. */
export const heldLimitMs = 3_000;

/** Moves a slot of group 1 to group 3 under load, strikes once, and waits for the end. */
export async function moveDisturbed(
  lab: Lab,
  disturbance: Disturbance,
): Promise<{ id: string; report: LoadReport }> {
  const { slot, point, moment, strike, afterwards } = disturbance;
  // The second slot stays where it is: its clients share the nodes and proxies with the move.
  const load = await Load.start(lab.proxies, [slot, lab.lastSlot]);
  let tell: (id: string) => void = () => undefined;
  const started = new Promise<string>((resolve) => (tell = resolve));
  const trap = setTrap(lab, slot, point, moment, async () => strike(await started));
  try {
    const id = await lab.move(slot);
    tell(id);
    await trap.sprung.catch(async (error: unknown) => {
      throw new Error(`${String(error)}\n${await lab.story(id)}`, { cause: error });
    });
    await afterwards?.(id);
    await lab.untilEnded(id, endLimitMs);
    return { id, report: await load.stop() };
  } finally {
    await load.stop();
  }
}

/** Checks that clients noticed nothing but a pause. */
export function expectUnharmed(report: LoadReport): void {
  expect({ errors: report.errors.slice(0, 5), lost: report.lost.slice(0, 5) }).toEqual({
    errors: [],
    lost: [],
  });
  expect(report.longestStallOverallMs).toBeLessThan(heldLimitMs);
}
