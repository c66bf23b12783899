import { refuse } from '../protocol/codis-error';
import { decodeList, integerField, objectField, present, textField } from '../protocol/lenient-json';
import { type SlotMapping } from '../protocol/models';
import { resyncSlots } from './resync';
import { type Topom } from './topom';

/** Sets the groups of slots and fills the proxies. No data moves, and a stored action is overwritten. */
export async function assignSlots(topom: Topom, body: string): Promise<void> {
  const { cluster } = topom;
  const wanted = decodeList(body).map((item) => {
    const { id, group_id } = mappingOf(item);
    cluster.slot(id);
    cluster.groupWithServers(group_id);
    const state = textField(objectField(present(item), 'action'), 'state');
    if (state !== '') throw refuse(`invalid slot-[${id}] action = ${state}`);
    return { id, group_id, action: {} };
  });
  for (const { group_id } of wanted) {
    const group = cluster.group(group_id);
    if (!group.out_of_sync) cluster.saveGroup({ ...group, out_of_sync: true });
  }
  for (const mapping of wanted) cluster.saveSlot(mapping);
  await resyncSlots(topom, wanted);
}

/** Takes slots out of their groups. */
export async function assignOffline(topom: Topom, body: string): Promise<void> {
  const { cluster } = topom;
  const wanted = decodeList(body).map((item) => {
    const { id, group_id } = mappingOf(item);
    cluster.slot(id);
    if (group_id !== 0) throw refuse(`group of slot-[${id}] should be 0`);
    return { id, group_id: 0, action: {} };
  });
  for (const mapping of wanted) cluster.saveSlot(mapping);
  await resyncSlots(topom, wanted);
}

function mappingOf(item: ReturnType<typeof decodeList>[number]): SlotMapping {
  const slot = present(item);
  return { id: integerField(slot, 'id'), group_id: integerField(slot, 'group_id'), action: {} };
}
