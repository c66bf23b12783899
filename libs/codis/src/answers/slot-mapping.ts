import { type HandoverState, type SlotRoute } from '@slotferry/cluster';

import { count, field, object, optionalField, type Read, ShapeError, text } from './shape';

/** An original Codis has one table. */
export const ONLY_TABLE = 0;
export const SLOT_COUNT = 1024;

const HANDOVER_STATES: Readonly<Record<string, HandoverState>> = {
  pending: 'queued',
  preparing: 'locking',
  prepared: 'locking',
  migrating: 'holding',
  finished: 'finishing',
};

/** A slot as the dashboard stores it: `{ id, group_id, action: { index?, state?, target_id? } }`. */
export const slotMapping: Read<SlotRoute> = (value, path) => {
  const fields = object(value, path);
  const group = field(fields, 'group_id', count, path);
  return {
    table: ONLY_TABLE,
    slot: field(fields, 'id', slotId, path),
    group: group === 0 ? null : group,
    handover: field(fields, 'action', action, path),
  };
};

/** The number of a slot. */
export const slotId: Read<number> = (value, path) => {
  const id = count(value, path);
  if (id < SLOT_COUNT) return id;
  throw new ShapeError(path, `a slot from 0 to ${SLOT_COUNT - 1}`, value);
};

const action: Read<SlotRoute['handover']> = (value, path) => {
  const fields = object(value, path);
  const state = optionalField(fields, 'state', text, path);
  if (state === null || state === '') return null;
  const known = HANDOVER_STATES[state];
  if (known === undefined) throw new ShapeError(`${path}.state`, 'a state of a slot action', fields.state);
  // Go leaves out a target of 0, which an offline slot has.
  return { state: known, target: optionalField(fields, 'target_id', count, path) ?? 0 };
};
