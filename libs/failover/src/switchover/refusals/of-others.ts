import type { WorkflowEngine } from '@slotferry/workflow';
import { groupResource, type SwitchoverInput } from '../../definitions';
import { passing, type Refusal } from './refusal';

/** Other workflows that are at work on the group. `self`: the one that asks, or null. */
export async function refusalsOfOthers(
  engine: WorkflowEngine,
  { cluster, group }: SwitchoverInput,
  self: string | null,
): Promise<Refusal[]> {
  const open = await engine.list({ touches: groupResource(cluster, group), open: true, limit: 20 });
  const others = open.filter(({ id }) => id !== self);
  if (others.length === 0) return [];
  return [
    passing(
      'group-in-use',
      `other workflows are at work on group ${group}: ${others.map(({ id, title }) => `${id} (${title})`).join(', ')}`,
      'Let them end, or cancel them: slotferry workflow cancel <id>',
    ),
  ];
}
