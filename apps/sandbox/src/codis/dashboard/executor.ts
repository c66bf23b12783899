import { refuse } from '../protocol/codis-error';
import { migrateSlot, nextDatabase } from './node-commands';
import { masterOf } from './slot-view';
import { type Topom } from './topom';

/** One step: `remaining` as the source says; `nextDatabase` -1 when there is no further one. */
export type Executor = (database: number) => Promise<{ remaining: number; nextDatabase: number }>;

const NOTHING_LEFT = { remaining: 0, nextDatabase: -1 };

/**
 * The next step of a migrating slot. The caller holds the lock; the step itself runs without it.
 * @returns undefined while the step has to wait: actions are disabled, or source or target is being promoted
 * @throws CodisError when somebody overwrote the action
 */
export function newExecutor(topom: Topom, slotId: number): Executor | undefined {
  const { group_id, action } = topom.cluster.slot(slotId);
  if (action.state === 'finished') return () => Promise.resolve(NOTHING_LEFT);
  if (action.state !== 'migrating') throw refuse(`slot-[${slotId}] action state is invalid`);
  const target = action.target_id ?? 0;
  if (topom.action.disabled || isPromoting(topom, group_id) || isPromoting(topom, target)) return undefined;
  const from = masterOf(topom.view, group_id);
  const to = masterOf(topom.view, target);
  topom.action.executor += 1;
  return async (database) => {
    try {
      return from === '' ? NOTHING_LEFT : await askSource(topom, slotId, from, to, database);
    } finally {
      topom.action.executor -= 1;
    }
  };
}

function askSource(
  topom: Topom,
  slotId: number,
  from: string,
  to: string,
  database: number,
): ReturnType<Executor> {
  return topom.executorPool.use(from, async (client) => {
    await client.select(database);
    const remaining = await migrateSlot(client, slotId, to, topom.config.migration);
    if (remaining !== 0) return { remaining, nextDatabase: database };
    return { remaining, nextDatabase: await nextDatabase(client, database) };
  });
}

function isPromoting(topom: Topom, groupId: number): boolean {
  return topom.cluster.findGroup(groupId)?.promoting.state !== undefined;
}
