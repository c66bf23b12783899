import { formatSlots, keyOf, parseSlots } from '@slotferry/cluster';
import type { OpenCluster } from '@slotferry/inventory';
import type { PikaNode } from '@slotferry/pika';
import { allEnded } from '@slotferry/platform';
import { type Command, type Json, type JsonObject, type Outcome, wait } from '@slotferry/workflow';
import { childId } from './move-board';
import { movesOf, type RebalanceContext } from './rebalance-phase';

/** Slots that were attached before their moves began, by `table/slot`: the masters then, and when, in wall clock milliseconds. */
export type Attached = {
  readonly [key: string]: { readonly source: string; readonly target: string; readonly at: number };
};

/** Slots of a table that a node is to create. */
export interface Creation {
  readonly node: PikaNode;
  readonly table: number;
  readonly slots: readonly number[];
}

/** Slots of a table that this rebalance created on every one of the nodes. */
export function createdSlots(
  context: RebalanceContext,
  nodes: readonly PikaNode[],
  table: number,
): ReadonlySet<number> {
  const [first = [], ...others] = nodes.map(({ address }) => createdAt(context, address, table));
  return new Set(first.filter((slot) => others.every((list) => list.includes(slot))));
}

export function attachedSlots(context: RebalanceContext): Attached {
  return (context.facts.attached ?? {}) as Attached;
}

/** Empty slots of one node, to be attached to a master. */
export interface EarlyAttachment {
  readonly follower: PikaNode;
  readonly master: PikaNode;
  readonly table: number;
  readonly slots: readonly number[];
  /** The masters of the groups that the slots come from and go to. */
  readonly source: PikaNode;
  readonly target: PikaNode;
}

/** What sends announced changes of slots: each once. */
export interface Announced {
  /** One for each attachment, in their order. */
  readonly attach: readonly (() => Promise<void>)[];
  /** Creates on all nodes at once; ends when all have ended. */
  create(): Promise<void>;
}

/**
 * Announces, in one append, the attachment of empty slots and then the creation of others: a node that is to create the next ones does
 * not wait for the log twice. Notes first that they are this rebalance's, to detach until their moves begin, and to delete.
 */
export async function announceChanges(
  context: RebalanceContext,
  attachments: readonly EarlyAttachment[],
  creations: readonly Creation[],
): Promise<Announced> {
  const commands = [...attachments.map(attachCommand), ...creations.map(createCommand)];
  if (commands.length === 0) return { attach: [], create: () => Promise.resolve() };
  const facts = { ...attachedFacts(context, attachments), ...createdFacts(context, creations) };
  const senders = await context.announce(commands, { facts });
  return {
    attach: senders.slice(0, attachments.length),
    create: async () => {
      await allEnded(senders.slice(attachments.length).map((send) => send()));
    },
  };
}

function attachCommand({ follower, master, table, slots }: EarlyAttachment): Command<void> {
  return {
    target: `pika ${follower.address}`,
    action: `attach slots ${formatSlots(slots)}${ofTable(table)} to ${master.address}`,
    send: (gate) => follower.attach({ master: master.address, slots, table }, gate),
  };
}

function createCommand({ node, table, slots }: Creation): Command<void> {
  return {
    target: `pika ${node.address}`,
    action: `create slots ${formatSlots(slots)}${ofTable(table)}`,
    send: (gate) => node.addSlots(slots, table, gate),
  };
}

function attachedFacts(context: RebalanceContext, attachments: readonly EarlyAttachment[]): JsonObject {
  if (attachments.length === 0) return {};
  const at = context.now();
  const fresh = attachments.flatMap(({ table, slots, source, target }) =>
    slots.map((slot) => [keyOf({ table, slot }), { source: source.address, target: target.address, at }]),
  );
  return { attached: { ...stillToStart(context), ...Object.fromEntries(fresh) } as Json };
}

function createdFacts(context: RebalanceContext, creations: readonly Creation[]): JsonObject {
  const noted = creations.map(({ node, table, slots }) => [
    createdFact(node.address, table),
    formatSlots([...createdAt(context, node.address, table), ...slots]),
  ]);
  return Object.fromEntries(noted) as JsonObject;
}

/** What was attached and whose moves have not begun: those look after it themselves. */
function stillToStart(context: RebalanceContext): Attached {
  const { children } = context.state;
  const begun = new Set(
    movesOf(context)
      .filter((move) => children[childId(context.workflowId, move)] !== undefined)
      .map(keyOf),
  );
  return Object.fromEntries(Object.entries(attachedSlots(context)).filter(([key]) => !begun.has(key)));
}

/**
 * Takes away what the rebalance created and nobody uses: slots whose moves were undone, or never begun. A copy left behind would
 * stand in the way of the next move of its slot. Null when nothing is left.
 */
export async function removeUnused(context: RebalanceContext, cluster: OpenCluster): Promise<Outcome | null> {
  const view = await cluster.router.view();
  const owners = new Map(view.routes.map((route) => [keyOf(route), route.group]));
  const groupOf = new Map(
    view.groups.flatMap(({ id, servers }) => servers.map((server) => [server, id] as const)),
  );
  const attached = stillToStart(context);
  let left: string | null = null;
  for (const { address, table, slots } of created(context)) {
    const strangers = slots.filter((slot) => owners.get(keyOf({ table, slot })) !== groupOf.get(address));
    if (strangers.length === 0) continue;
    const node = cluster.node(address);
    const infos = [...(await node.slots(strangers, table)).values()];
    const ours = infos.filter(({ slot }) => attached[keyOf({ table, slot })] !== undefined);
    const following = ours.filter((one) => one.following).map(({ slot }) => slot);
    await takeBack(context, node, 'detach', following, table);
    const waiting = ours.filter((one) => one.following || one.slaves.length > 0).map(({ slot }) => slot);
    if (waiting.length > 0) left = `slots ${formatSlots(waiting)} are being detached at ${address}`;
    const unused = infos.filter((one) => !one.following && one.slaves.length === 0).map(({ slot }) => slot);
    await takeBack(context, node, 'delete', unused, table);
  }
  return left === null ? null : wait('detaching', left, 100);
}

/** Takes back at a node what was done to slots of a table. */
async function takeBack(
  context: RebalanceContext,
  node: PikaNode,
  what: 'detach' | 'delete',
  slots: readonly number[],
  table: number,
): Promise<void> {
  if (slots.length === 0) return;
  await context.command({
    target: `pika ${node.address}`,
    action: `${what} slots ${formatSlots(slots)}${ofTable(table)} again`,
    send: (gate) =>
      what === 'detach' ? node.detach(slots, table, gate) : node.deleteSlots(slots, table, gate),
  });
}

function created(context: RebalanceContext): { address: string; table: number; slots: number[] }[] {
  return Object.entries(context.facts).flatMap(([name, stored]) => {
    const [kind, address = '', table = '0'] = name.split(' ');
    if (kind !== 'created' || typeof stored !== 'string' || stored === '') return [];
    return [{ address, table: Number(table), slots: parseSlots(stored) }];
  });
}

function createdAt(context: RebalanceContext, address: string, table: number): number[] {
  const stored = context.facts[createdFact(address, table)];
  return typeof stored === 'string' && stored !== '' ? parseSlots(stored) : [];
}

function createdFact(address: string, table: number): string {
  return `created ${address} ${table}`;
}

function ofTable(table: number): string {
  return table === 0 ? '' : ` of table ${table}`;
}
