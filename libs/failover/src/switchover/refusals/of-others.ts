import type { WorkflowEngine } from '@slotferry/workflow';
import { groupResource, rejoinDefinition, type SwitchoverInput } from '../../definitions';
import { passing, type Refusal } from './refusal';

/** More at once than any cluster has. */
const most = 10_000;
/** So many of them are named. */
const shown = 5;

/** Other workflows that are at work on the group: moves of its slots, its failover, mendings of its nodes. `self`: the one that asks, or null. */
export async function refusalsOfOthers(
  engine: WorkflowEngine,
  { cluster, group }: SwitchoverInput,
  self: string | null,
): Promise<Refusal[]> {
  const open = await engine.list({ scope: cluster, open: true, limit: most });
  const resource = groupResource(cluster, group);
  const others = open.filter(
    ({ id, touches, workflow, input }) =>
      id !== self &&
      (touches.includes(resource) || (workflow === rejoinDefinition.name && input['group'] === group)),
  );
  if (others.length === 0) return [];
  return [
    passing(
      'group-in-use',
      `other workflows are at work on group ${group}: ${others
        .slice(0, shown)
        .map(({ id, title }) => `${id} (${title})`)
        .join(', ')}`,
      'Let them end, or cancel them: slotferry workflow cancel <id>',
    ),
  ];
}
