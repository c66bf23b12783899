import { refuseBare } from '../protocol/codis-error';
import { type JsonObject, field, integerField, textField } from '../protocol/lenient-json';
import { MAX_SLOTS } from '../protocol/models';

/** A slot as a fill sets it. */
export interface SlotFill {
  readonly id: number;
  readonly locked: boolean;
  readonly backend: string;
  readonly backendGroup: number;
  readonly migrateFrom: string;
  readonly migrateFromGroup: number;
  /** 0 = sync, 1 = semi-async. */
  readonly method: number;
  readonly replicaGroups: readonly (readonly string[])[];
}

/** @throws CodisError for an unknown slot or method */
export function readFill(item: JsonObject): SlotFill {
  const id = integerField(item, 'id');
  if (id < 0 || id >= MAX_SLOTS) throw refuseBare('use of invalid slot id');
  const method = integerField(item, 'forward_method');
  if (method !== 0 && method !== 1) throw refuseBare('use of invalid forwarder method');
  return {
    id,
    locked: field(item, 'locked') === true,
    backend: textField(item, 'backend_addr'),
    backendGroup: integerField(item, 'backend_addr_group_id'),
    migrateFrom: textField(item, 'migrate_from'),
    migrateFromGroup: integerField(item, 'migrate_from_group_id'),
    method,
    replicaGroups: textLists(field(item, 'replica_groups')),
  };
}

function textLists(value: unknown): string[][] {
  if (!Array.isArray(value)) return [];
  return value
    .filter((list): list is unknown[] => Array.isArray(list))
    .map((list) => list.filter((text): text is string => typeof text === 'string'));
}
