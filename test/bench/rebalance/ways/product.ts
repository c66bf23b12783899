import { type WorkflowEvent } from '@slotferry/workflow';
import { type BenchCluster } from '../bench-cluster';
import { type HoldWindow, type Moved, type ReadyWay, type Way } from '../moved';
import { Installation } from '../installation';

/** This product, as its users run it: an API, one migrator, a plan that is executed. */
export function product(handover: 'proxies' | 'dashboard'): Way {
  return {
    name: handover === 'proxies' ? 'slotferry, held at the proxies' : 'slotferry, by dashboard actions',
    ready: async (cluster) => ready(cluster, handover),
  };
}

async function ready(cluster: BenchCluster, handover: 'proxies' | 'dashboard'): Promise<ReadyWay> {
  const installation = await Installation.start(cluster.topology, handover);
  return {
    move: (slots) => moveAll(installation, slots),
    stop: () => installation.stop(),
  };
}

async function moveAll(installation: Installation, slots: readonly number[]): Promise<Moved> {
  const begunAt = Date.now();
  const id = await installation.beginMoving(slots);
  const seconds = ((await installation.untilCompleted(id)) - begunAt) / 1_000;
  const moves = await Promise.all(slots.map((slot) => installation.history(`${id}-s0-${slot}`)));
  return {
    seconds,
    heldMs: moves.map(heldMsOf),
    windows: moves.map((events, index) => windowOf(slots[index] ?? 0, events)),
  };
}

function heldMsOf(events: readonly WorkflowEvent[]): number {
  const facts = events.flatMap((event) => (event.type === 'fact-recorded' ? [event.data.facts] : []));
  return Number(facts.findLast(({ heldMs }) => typeof heldMs === 'number')?.heldMs);
}

/** From the order that begins the hold to the end of the phase that does. */
function windowOf(slot: number, events: readonly WorkflowEvent[]): HoldWindow {
  const begun = events.find(
    ({ type, data }) =>
      type === 'command-issued' &&
      'action' in data &&
      /^(hold requests|queue the handover)/.test(data.action),
  );
  const ended = events.find(
    ({ type, data }) => type === 'phase-completed' && 'phase' in data && data.phase === 'handover',
  );
  return { slot, from: Date.parse(begun?.at ?? ''), to: Date.parse(ended?.at ?? '') };
}
