import { type ProxyRoute } from '@slotferry/cluster';

import { field, flag, object, optionalField, type Read, text } from './shape';
import { ONLY_TABLE, slotId } from './slot-mapping';

/** A slot as proxies get it: `{ id, locked?, backend_addr?, migrate_from?, ... }`. */
export const slotEntry: Read<ProxyRoute> = (value, path) => {
  const fields = object(value, path);
  return {
    table: ONLY_TABLE,
    slot: field(fields, 'id', slotId, path),
    backend: optionalField(fields, 'backend_addr', text, path) || null,
    migrateFrom: optionalField(fields, 'migrate_from', text, path) || null,
    locked: optionalField(fields, 'locked', flag, path) ?? false,
  };
};
