import { type PikaNode } from '@slotferry/pika';
import { expand } from './expand';
import { fact, pairValue, slotsOf, tablesOf } from './facts';
import { type Step } from './recording';
import { decode } from './resp';

/** A call of a method of the client, and what it must return when the recorded reply is no error. */
export interface Call {
  readonly ask: () => Promise<unknown>;
  readonly expected: unknown;
}

type TypedCall = (client: PikaNode, step: Step, version: string) => Call | null;

/** The method of the client that asks what the step asked, or null when it has none for it. */
export function typedCall(client: PikaNode, step: Step, version: string): Call | null {
  const [name = '', ...args] = step.send;
  if (name.toLowerCase() !== 'pkcluster') return TYPED[name.toLowerCase()]?.(client, step, version) ?? null;
  const call = TYPED[`pkcluster ${args[0] ?? ''}`.toLowerCase()];
  return call?.(client, { ...step, send: args }, version) ?? null;
}

/** By the command they send; those of PKCLUSTER get the words after it. */
const TYPED: Readonly<Record<string, TypedCall>> = {
  ping: (client) => ({ ask: () => client.ping(), expected: undefined }),
  info: (client, step) => {
    if (step.send[1] !== 'server') return null;
    const expected = {
      version: { major: 3, minor: 4, patch: 1, text: fact(step, /pika_version:(\S+)/) },
      port: Number(fact(step, /tcp_port:(\d+)/)),
      uptimeSeconds: Number(fact(step, /uptime_in_seconds:(\d+)/)),
      processId: Number(fact(step, /process_id:(\d+)/)),
      gitSha: fact(step, /pika_git_sha:(\S+)/),
    };
    return { ask: () => client.info(), expected };
  },
  config: (client, { send, reply }) => {
    const [, , name = ''] = send;
    return { ask: () => client.config(name), expected: pairValue(decode(reply)) };
  },
  slotsscan: (client) => ({
    ask: () => client.scanSlot(0, '0', 10),
    expected: { cursor: '0', keys: [] },
  }),
  'slotsmgrttagslot-async': (client, { send, reply }) => {
    const [, host, port, , , , slot] = send;
    const expected = reply.endsWith(':1\r\n') ? 'attached' : 'finished';
    return { ask: () => client.migrationState(`${host}:${port}`, Number(slot)), expected };
  },
  'pkcluster info': (client, step, version) => {
    const [, what = '', list = '', rest] = step.send;
    if (what.toLowerCase() === 'table' && !list) {
      return { ask: () => client.tables(), expected: tablesOf(step, version) };
    }
    const named = /^(?:db([1-9]\d*):)?(\d[\d,-]*)$/.exec(list);
    if (what !== 'slot' || rest || (list && !named)) return null;
    if (version === '3.2.9' && /[,-]/.test(list)) return null;
    const slots = named?.[2] === undefined ? undefined : expand(named[2]);
    const ask = async (): Promise<unknown> => [
      ...(await client.slots(slots, Number(named?.[1] ?? 0))).values(),
    ];
    return { ask, expected: slotsOf(step) };
  },
  'pkcluster addslots': (client, step) =>
    slotChange(step.send.slice(1), (slots, table) => client.addSlots(slots, table)),
  'pkcluster delslots': (client, step) =>
    slotChange(step.send.slice(1), (slots, table) => client.deleteSlots(slots, table)),
  'pkcluster slotsslaveof': (client, step) => {
    const [, host = '', port = '', ...words] = step.send;
    if (`${host} ${port}` === 'no one') {
      return slotChange(words, (slots, table) => client.detach(slots, table));
    }
    if (!/^\d+$/.test(port)) return null;
    const master = `${host}:${port}`;
    const withoutForce = words.filter((word) => word !== 'force');
    return withoutForce.length < words.length
      ? slotChange(withoutForce, (slots, table) => client.attachWithFullCopy({ master, slots, table }))
      : slotChange(words, (slots, table) => client.attach({ master, slots, table }));
  },
  'pkcluster addtable': (client, step, version) => {
    const [, table = NaN, slots = NaN] = step.send.map(Number);
    if (version === '3.2.9' || !Number.isInteger(table) || !Number.isInteger(slots)) return null;
    return { ask: () => client.addTable(table, slots), expected: undefined };
  },
};

/** @param words the list of slots and, where given, the table */
function slotChange(
  words: string[],
  change: (slots: number[], table?: number) => Promise<void>,
): Call | null {
  const [list = '', table, ...rest] = words;
  if (!/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(list) || expand(list).length === 0 || rest.length > 0) return null;
  if (table === undefined) return { ask: () => change(expand(list)), expected: undefined };
  if (!/^[1-9]\d*$/.test(table)) return null;
  return { ask: () => change(expand(list), Number(table)), expected: undefined };
}
