import { digestOf } from '../pika';
import { nodeNamed, notFound } from './find';
import { type ControlHandler } from './handler';

/** GET /nodes/:name/slots/:slot/data: what a copy of a slot holds, to be compared with other copies. Works on dead nodes too. */
export const slotData: ControlHandler = (sandbox, { parameters }) => {
  const node = nodeNamed(sandbox, parameters['name']);
  const slot = node.findSlot({ table: 0, slot: Number(parameters['slot']) });
  const held = node.store.table(0)?.slots.map(({ id }) => String(id)) ?? [];
  if (!slot) throw notFound(`${node.name} does not hold slot ${parameters['slot']}`, held.slice(0, 20));
  const now = Date.now();
  return {
    node: node.name,
    slot: slot.id,
    position: slot.binlog.position,
    master: slot.attachment?.master ?? null,
    state: slot.attachment?.state ?? 'kNoConnect',
    ...digestOf(slot.data, now),
    keyNames: slot.data.keys(now).sort(),
  };
};

/** GET /stats: what every node did since the sandbox began. */
export const stats: ControlHandler = ({ nodes }) =>
  Object.fromEntries([...nodes.values()].map(({ name, counters }) => [name, { ...counters }]));
