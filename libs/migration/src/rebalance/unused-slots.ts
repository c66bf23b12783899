import { formatSlots, parseSlots } from '@slotferry/cluster';
import type { OpenCluster } from '@slotferry/inventory';
import type { PikaNode } from '@slotferry/pika';
import type { RebalanceContext } from './rebalance-phase';

/** Creates slots, noting first that they are this rebalance's to take away again. */
export async function createSlots(
  context: RebalanceContext,
  node: PikaNode,
  slots: readonly number[],
  table: number,
): Promise<void> {
  const name = `created ${node.address} ${table}`;
  const before = context.facts[name];
  const known = typeof before === 'string' && before !== '' ? parseSlots(before) : [];
  await context.command(
    {
      target: `pika ${node.address}`,
      action: `create slots ${formatSlots(slots)}${table === 0 ? '' : ` of table ${table}`}`,
      send: (gate) => node.addSlots(slots, table, gate),
    },
    { facts: { [name]: formatSlots([...known, ...slots]) } },
  );
}

/**
 * Takes away what the rebalance created and nobody uses: slots whose moves were undone, or never begun. A copy left behind would
 * stand in the way of the next move of its slot.
 */
export async function removeUnused(context: RebalanceContext, cluster: OpenCluster): Promise<void> {
  const view = await cluster.router.view();
  const owners = new Map(view.routes.map(({ table, slot, group }) => [`${table}/${slot}`, group]));
  const groupOf = new Map(
    view.groups.flatMap(({ id, servers }) => servers.map((server) => [server, id] as const)),
  );
  for (const [name, stored] of Object.entries(context.facts)) {
    const [kind, address = '', tableName = '0'] = name.split(' ');
    if (kind !== 'created' || typeof stored !== 'string' || stored === '') continue;
    const table = Number(tableName);
    const strangers = parseSlots(stored).filter(
      (slot) => owners.get(`${table}/${slot}`) !== groupOf.get(address),
    );
    if (strangers.length === 0) continue;
    const node = cluster.node(address);
    const infos = await node.slots(strangers, table);
    const unused = [...infos.values()].filter(({ following, slaves }) => !following && slaves.length === 0);
    if (unused.length > 0)
      await remove(
        context,
        node,
        unused.map(({ slot }) => slot),
        table,
      );
  }
}

async function remove(
  context: RebalanceContext,
  node: PikaNode,
  slots: readonly number[],
  table: number,
): Promise<void> {
  await context.command({
    target: `pika ${node.address}`,
    action: `delete slots ${formatSlots(slots)}${table === 0 ? '' : ` of table ${table}`} again`,
    send: (gate) => node.deleteSlots(slots, table, gate),
  });
}
