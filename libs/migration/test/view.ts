import type { RouterView } from '@slotferry/cluster';

/** What a router shows: the owners of the slots 0, 1, 2 and so on (null: offline), and the servers of the groups 1, 2, 3. */
export function viewOf(
  owners: readonly (number | null)[],
  servers: readonly (readonly string[])[] = [['a:1', 'b:1'], ['c:1', 'd:1'], ['e:1']],
): RouterView {
  return {
    product: 'lab',
    routes: owners.map((group, slot) => ({ table: 0, slot, group, handover: null })),
    groups: servers.map((list, index) => ({
      id: index + 1,
      servers: list,
      promoting: false,
      outOfSync: false,
    })),
    proxies: [],
    handovers: { disabled: false, intervalMicros: 0, executing: 0, status: '' },
  };
}
