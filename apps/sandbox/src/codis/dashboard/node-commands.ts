import { type RespValue } from '../../resp';
import { refuse } from '../protocol/codis-error';
import { splitAddress } from '../protocol/address';
import { type NodeClient } from './node-client';

/** Sizes that go with a semi-async migration command. */
export interface MigrationOptions {
  readonly method: 'sync' | 'semi-async';
  readonly timeoutMs: number;
  readonly maxBulks: number;
  readonly maxBytes: number;
  readonly keys: number;
}

/**
 * Asks the source to move a batch of a slot.
 * @returns the second integer of the reply: 0 = nothing left in this database
 * @throws CodisError the server's error, or `invalid response = ...`
 */
export async function migrateSlot(
  client: NodeClient,
  slot: number,
  target: string,
  options: MigrationOptions,
): Promise<number> {
  const { host, port } = splitAddress(target);
  const command =
    options.method === 'sync'
      ? ['SLOTSMGRTTAGSLOT', host, String(port), String(options.timeoutMs), String(slot)]
      : [
          'SLOTSMGRTTAGSLOT-ASYNC',
          host,
          String(port),
          String(Math.min(5_000, options.timeoutMs)),
          String(options.maxBulks),
          String(options.maxBytes),
          String(slot),
          String(options.keys),
        ];
  const reply = await client.command(...command);
  const remaining = reply.type === 'array' && reply.items?.length === 2 ? reply.items[1] : undefined;
  if (remaining?.type !== 'integer') throw refuse(`invalid response = ${printed(reply)}`);
  return Number(remaining.value);
}

/** The lowest database above the given one that `INFO keyspace` lists as `dbN:keys=`; -1 when there is none. */
export async function nextDatabase(client: NodeClient, database: number): Promise<number> {
  const fields = parseInfo(textOf(await client.command('INFO', 'keyspace')));
  const higher = [...fields.entries()]
    .filter(([key, value]) => /^db\d+$/.test(key) && value.startsWith('keys='))
    .map(([key]) => Number(key.slice(2)))
    .filter((number) => number > database);
  return higher.length > 0 ? Math.min(...higher) : -1;
}

/** All of INFO, the limit of memory, and for a slave `master_addr`. */
export async function fullInfo(client: NodeClient): Promise<Map<string, string>> {
  const fields = parseInfo(textOf(await client.command('INFO')));
  const host = fields.get('master_host') ?? '';
  const port = fields.get('master_port') ?? '';
  if (host !== '' || port !== '') fields.set('master_addr', `${host}:${port}`);
  const reply = await client.command('CONFIG', 'GET', 'maxmemory');
  const value = reply.type === 'array' && reply.items?.length === 2 ? reply.items[1] : undefined;
  if (value?.type !== 'bulk' || !/^\d+$/.test(textOf(value)))
    throw refuse(`invalid response = ${printed(reply)}`);
  fields.set('maxmemory', textOf(value));
  return fields;
}

/**
 * Makes a server the slave of an address, or a master. Pika knows no MULTI and answers errors.
 * @param master `host:port`, or `NO:ONE`
 * @throws CodisError the first error reply
 */
export async function setMaster(client: NodeClient, master: string, password: string): Promise<void> {
  const at = master.lastIndexOf(':');
  const replies = await client.pipeline([
    ['MULTI'],
    ['CONFIG', 'SET', 'masterauth', password],
    ['SLAVEOF', master.slice(0, at), master.slice(at + 1)],
    ['CONFIG', 'REWRITE'],
    ['CLIENT', 'KILL', 'TYPE', 'normal'],
    ['EXEC'],
  ]);
  const executed = replies.at(-1);
  const wrong =
    executed?.type === 'array' ? executed.items?.find((item) => item.type === 'error') : undefined;
  if (wrong?.type === 'error') throw refuse(wrong.text);
}

/** Lines of `key:value`; others are skipped. */
export function parseInfo(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const at = line.indexOf(':');
    const key = line.slice(0, at).trim();
    if (at >= 0 && key !== '') fields.set(key, line.slice(at + 1).trim());
  }
  return fields;
}

function textOf(reply: RespValue): string {
  if (reply.type === 'bulk') return reply.data?.toString('utf8') ?? '';
  return reply.type === 'simple' ? reply.text : '';
}

/** A reply as Go prints it inside a message. */
function printed(reply: RespValue): string {
  switch (reply.type) {
    case 'array':
      return `[${(reply.items ?? []).map(printed).join(' ')}]`;
    case 'integer':
      return String(reply.value);
    case 'bulk':
      return textOf(reply);
    case 'simple':
    case 'error':
      return reply.text;
  }
}
