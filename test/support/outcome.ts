import { moveSlotPhases } from '@slotferry/migration';
import { type EventType, type WorkflowEvent, verifyChain } from '@slotferry/workflow';
import { digestOf } from '../../apps/sandbox/src/pika';
import { eventually } from './eventually';
import { type Lab } from './lab';

const settleLimitMs = 10_000;

/** Checks that the move has ended as if nothing had happened on the way. Call it when no client writes any more. */
export async function expectMoved(lab: Lab, id: string, slot: number, to = 3): Promise<void> {
  await expectRouted(lab, slot, to);
  const [master = '', replica = ''] = to === 3 ? ['pika5', 'pika6'] : ['pika3', 'pika4'];
  await expectFollowing(lab, slot, master, replica);
  for (const name of ['pika1', 'pika2']) {
    expect({ name, holds: holds(lab, name, slot) }).toEqual({ name, holds: false });
  }
  const events = await lab.engine.history(id);
  expectWhole(id, events);
  expect(phasesIn(events, 'phase-completed')).toEqual([...moveSlotPhases]);
  expect(events.filter(({ type }) => type === 'workflow-completed')).toHaveLength(1);
}

/** Checks that a cancelled move left nothing behind. */
export async function expectTakenBack(lab: Lab, id: string, slot: number): Promise<void> {
  await expectRouted(lab, slot, 1);
  for (const name of ['pika5', 'pika6']) {
    expect({ name, holds: holds(lab, name, slot) }).toEqual({ name, holds: false });
  }
  await expectFollowing(lab, slot, 'pika1', 'pika2');
  const source = lab.node('pika1').findSlot({ table: 0, slot });
  expect(source?.feeds.map((feed) => feed.slave)).toEqual([lab.node('pika2').address]);
  const events = await lab.engine.history(id);
  expectWhole(id, events);
  expect(events.at(-1)?.type).toBe('workflow-cancelled');
  expect(events.filter(({ type }) => type === 'workflow-cancelled')).toHaveLength(1);
}

/** The dashboard has no action left, and every proxy sends the slot to the group's master and holds nothing. */
async function expectRouted(lab: Lab, slot: number, group: number): Promise<void> {
  const { router } = lab.connections.open(lab.definition);
  const view = await router.view();
  expect(view.routes.find((route) => route.slot === slot)).toEqual({ table: 0, slot, group, handover: null });
  expect(view.groups.filter(({ outOfSync }) => outOfSync)).toEqual([]);
  expect(view.handovers.disabled).toBe(false);
  const backend = lab.definition.groups.find(({ id }) => id === group)?.nodes[0];
  for (const proxy of view.proxies) {
    const routes = await router.proxyRoutes(proxy, [{ table: 0, slot }]);
    expect(routes).toEqual([{ table: 0, slot, backend, migrateFrom: null, locked: false }]);
  }
}

async function expectFollowing(lab: Lab, slot: number, master: string, replica: string): Promise<void> {
  const [own, copy] = [master, replica].map((name) => lab.node(name).findSlot({ table: 0, slot }));
  if (!own || !copy) throw new Error(`slot ${slot} is missing on ${own ? replica : master}`);
  expect(own.attachment).toBeUndefined();
  expect(copy.attachment).toMatchObject({ master: lab.node(master).address, state: 'kConnected' });
  await eventually(
    `${replica} level with ${master}`,
    () => {
      const feed = own.feedOf(lab.node(replica).address);
      return feed !== undefined && own.lagOf(feed) === 0;
    },
    settleLimitMs,
  );
  const now = Date.now();
  expect(digestOf(copy.data, now)).toEqual(digestOf(own.data, now));
}

function holds(lab: Lab, name: string, slot: number): boolean {
  return lab.node(name).findSlot({ table: 0, slot }) !== undefined;
}

function expectWhole(id: string, events: readonly WorkflowEvent[]): void {
  expect(verifyChain(id, events)).toBeNull();
  const issued = events.flatMap((event) => (event.type === 'command-issued' ? [event.data.command] : []));
  const replied = events.flatMap((event) => (event.type === 'command-replied' ? [event.data.command] : []));
  expect(new Set(issued).size).toBe(issued.length);
  expect(new Set(replied).size).toBe(replied.length);
  expect(replied.filter((command) => !issued.includes(command))).toEqual([]);
}

function phasesIn(events: readonly WorkflowEvent[], type: EventType): string[] {
  return events.flatMap((event) => (event.type === type && 'phase' in event.data ? [event.data.phase] : []));
}
