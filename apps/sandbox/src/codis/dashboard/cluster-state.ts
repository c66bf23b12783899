import { refuse } from '../protocol/codis-error';
import { type Group, type ProxyModel, type SlotMapping } from '../protocol/models';
import { type Coordinator } from './coordinator';

/** The dashboard's view of what the coordinator stores. Whoever changes something gets told which part did. */
export class ClusterState {
  constructor(
    private readonly coordinator: Coordinator,
    private readonly onChange: (slotId?: number) => void,
  ) {}

  get slots(): readonly SlotMapping[] {
    return this.coordinator.slots;
  }

  /** By id. */
  get groups(): Group[] {
    return [...this.coordinator.groups.values()].sort((left, right) => left.id - right.id);
  }

  /** By id. */
  get proxies(): ProxyModel[] {
    return [...this.coordinator.proxies.values()].sort((left, right) => (left.id ?? 0) - (right.id ?? 0));
  }

  /** @throws CodisError when the id is out of range */
  slot(id: number): SlotMapping {
    const mapping = this.coordinator.slots[id];
    if (!mapping) throw refuse(`slot-[${id}] doesn't exist`);
    return mapping;
  }

  findGroup(id: number): Group | undefined {
    return this.coordinator.groups.get(id);
  }

  /** @throws CodisError when there is no such group */
  group(id: number): Group {
    const group = this.findGroup(id);
    if (!group) throw refuse(`group-[${id}] doesn't exist`);
    return group;
  }

  /** @throws CodisError when the group is missing or has no server */
  groupWithServers(id: number): Group {
    const group = this.group(id);
    if (group.servers.length === 0) throw refuse(`group-[${id}] is empty`);
    return group;
  }

  findProxy(token: string): ProxyModel | undefined {
    return this.coordinator.proxies.get(token);
  }

  /** @throws CodisError when the token is unknown */
  proxy(token: string): ProxyModel {
    const proxy = this.findProxy(token);
    if (!proxy) throw refuse(`proxy-[${token}] doesn't exist`);
    return proxy;
  }

  /** The slots for which a group is source or target. */
  slotsOf(groupId: number): SlotMapping[] {
    return this.slots.filter((slot) => slot.group_id === groupId || slot.action.target_id === groupId);
  }

  saveSlot(mapping: SlotMapping): void {
    this.onChange(mapping.id);
    this.coordinator.slots[mapping.id] = mapping;
  }

  saveGroup(group: Group): void {
    this.onChange();
    this.coordinator.groups.set(group.id, group);
  }

  removeGroup(id: number): void {
    this.onChange();
    this.coordinator.groups.delete(id);
  }

  saveProxy(proxy: ProxyModel): void {
    this.onChange();
    this.coordinator.proxies.set(proxy.token, proxy);
  }

  removeProxy(token: string): void {
    this.onChange();
    this.coordinator.proxies.delete(token);
  }
}
