import { type NodeContext } from '../node-context';
import { type Slot } from '../slot';

/**
 * INFO REPLICATION as the real server answers in sharding mode: a master is shown only when all slots of the node share it, a slave only
 * when it follows all of them. In any mixed case it says "master" without slaves.
 */
export function replicationSection(node: NodeContext): string[] {
  const { slots } = node.store;
  const master = commonMaster(slots);
  const slaves = commonSlaves(slots);
  const slaveLines = [
    `connected_slaves:${slaves.length}`,
    ...slaves.map((address, index) => `slave${index}:${slaveFields(address)}`),
    '',
  ];
  if (!master) return ['# Replication(MASTER)', 'role:master', ...slaveLines];
  const [host, port] = splitAddress(master.address);
  const link = [
    `master_host:${host}`,
    `master_port:${port}`,
    `master_link_status:${master.isUp ? 'up' : 'down'}`,
  ];
  if (slaves.length > 0) {
    return ['# Replication(Master && SLAVE)', 'role:master&&slave', ...link, ...slaveLines];
  }
  return ['# Replication(SLAVE)', 'role:slave', ...link, 'slave_priority:100', ''];
}

function commonMaster(slots: readonly Slot[]): { address: string; isUp: boolean } | undefined {
  const address = slots[0]?.attachment?.master;
  if (address === undefined || slots.some(({ attachment }) => attachment?.master !== address))
    return undefined;
  return { address, isUp: slots.every(({ attachment }) => attachment?.state === 'kConnected') };
}

function commonSlaves(slots: readonly Slot[]): string[] {
  const [first, ...others] = slots;
  const slaves = first?.feeds.map(({ slave }) => slave) ?? [];
  return slaves.filter((slave) => others.every((slot) => slot.feedOf(slave)));
}

function slaveFields(address: string): string {
  const [host, port] = splitAddress(address);
  return `ip=${host},port=${port}`;
}

function splitAddress(address: string): [string, string] {
  const colon = address.lastIndexOf(':');
  return [address.slice(0, colon), address.slice(colon + 1)];
}
