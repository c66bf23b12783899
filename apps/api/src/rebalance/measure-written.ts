import { bytesBetween, formatSlots, keyOf, type RouterView, type SlotSizes } from '@slotferry/cluster';
import { type OpenCluster } from '@slotferry/inventory';
import { PikaError } from '@slotferry/pika';
import { type ListedProblem } from '../errors/api-error';
import { WrittenUnknown } from './plan.errors';

const beginning = { file: 0, offset: 0 };

/** Slots of one table that one group owns. */
interface Holding {
  readonly group: number;
  readonly table: number;
  readonly slots: readonly number[];
}

/**
 * Bytes written to each slot so far: where its binlog ends on the master of its group, one command for each master and table. Counts
 * binlog files of Pika's default size, 100 MiB. It is the only measure that Pika has for a single slot.
 * @param table only slots of this table; of all tables when undefined
 * @throws WrittenUnknown with every master that does not tell
 */
export async function measureWritten(
  cluster: OpenCluster,
  view: RouterView,
  table?: number,
): Promise<SlotSizes> {
  const holdings = holdingsIn(view).filter((one) => table === undefined || one.table === table);
  const looks = await Promise.all(holdings.map((holding) => measure(cluster, view, holding)));
  const problems = looks.flatMap(({ problem }) => problem ?? []);
  const [first, ...others] = problems;
  if (first) throw new WrittenUnknown([first, ...others]);
  return new Map(looks.flatMap(({ sizes }) => sizes));
}

function holdingsIn({ routes }: RouterView): Holding[] {
  const holdings = new Map<string, { group: number; table: number; slots: number[] }>();
  for (const { table, slot, group } of routes) {
    if (group === null) continue;
    const key = `${group}/${table}`;
    const holding = holdings.get(key) ?? { group, table, slots: [] };
    holding.slots.push(slot);
    holdings.set(key, holding);
  }
  return [...holdings.values()];
}

interface Look {
  readonly sizes: readonly (readonly [slot: string, bytes: number])[];
  readonly problem?: ListedProblem;
}

async function measure(
  cluster: OpenCluster,
  { groups }: RouterView,
  { group, table, slots }: Holding,
): Promise<Look> {
  const master = groups.find(({ id }) => id === group)?.servers[0];
  if (master === undefined) {
    const message = `group ${group} has no server that could tell what was written to its slots`;
    return failed('no-master', message, 'Add a server to the group, or give the sizes of all slots.');
  }
  try {
    const held = await cluster.node(master).slots(undefined, table);
    const missing = slots.filter((slot) => !held.has(slot));
    if (missing.length > 0) {
      return failed(
        'slot-not-found',
        `the master of group ${group}, ${master}, does not hold slots ${formatSlots(missing)} of table ${table}, though the router sends clients there`,
        `Find out where these slots are: slotferry cluster show --cluster ${cluster.definition.name}`,
      );
    }
    const sizes = [...held.values()].map(
      ({ slot, position }) => [keyOf({ table, slot }), bytesBetween(beginning, position)] as const,
    );
    return { sizes };
  } catch (error) {
    if (!(error instanceof PikaError)) throw error;
    const { code, message, remedy } = error;
    return failed(code, `the master of group ${group}, ${master}, does not tell: ${message}`, remedy);
  }
}

function failed(code: string, message: string, remedy: string): Look {
  return { sizes: [], problem: { code, message, remedy } };
}
