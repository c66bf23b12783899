import { setTimeout as pause } from 'node:timers/promises';
import { type RespValue, decodeReply, encodeReply, encodeRequest } from '../../resp';
import { splitAddress } from '../protocol/address';
import { type Gate } from '../protocol/gate';
import { type ProxySlot } from './proxy-slot';
import { type Done, type ProxyRequest, RequestError } from './request';

/**
 * Hands a command to the backend of its slot.
 * @returns nothing when the command is on its way; a promise when its connection has to wait: the slot is held or migrates
 * @throws RequestError now or later, when the command cannot be handed over
 */
export function forward(
  slot: ProxySlot,
  request: ProxyRequest,
  gate: Gate,
  done: Done,
): Promise<void> | undefined {
  if (slot.locked || slot.migrateFrom) return forwardSlowly(slot, request, gate, done);
  dispatch(slot, request, done);
  return undefined;
}

function dispatch(slot: ProxySlot, request: ProxyRequest, done: Done): void {
  if (!slot.backend) throw new RequestError('slot is not ready, may be offline');
  slot.send(slot.target(slot.backend, request), encodeRequest(request.args), done);
}

/** Asks the source as long as it says "again"; only the client's end or a change of the slot ends that. */
async function forwardSlowly(slot: ProxySlot, request: ProxyRequest, gate: Gate, done: Done): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    await gate.pass();
    await slot.unlocked();
    const leave = slot.enter();
    try {
      const step = await migrationStep(slot, request);
      if (step === 'forward') return dispatch(slot, request, done);
      if (step !== 'retry') return done(step);
    } finally {
      leave();
    }
    const delay = retryDelay(attempt);
    if (delay > 0) await pause(delay);
    if (request.isBroken()) throw new RequestError('request is broken');
  }
}

type Step = 'forward' | 'retry' | Buffer;

function migrationStep(slot: ProxySlot, request: ProxyRequest): Step | Promise<Step> {
  if (!slot.backend) throw new RequestError('slot is not ready, may be offline');
  if (!slot.migrateFrom || request.key.length === 0) return 'forward';
  return slot.method === 0 ? moveKey(slot, request) : execAtSource(slot, request);
}

/** Milliseconds before the next attempt: none for the first five, then as many as the attempt's number, then 20. */
export function retryDelay(attempt: number): number {
  if (attempt < 5) return 0;
  return attempt < 20 ? attempt : 20;
}

/** Semi-async: the source executes the command, or says that it has no such key, or that the key is just being moved. */
async function execAtSource(slot: ProxySlot, request: ProxyRequest): Promise<Step> {
  const what = 'bad slotsmgrt-exec-wrapper resp:';
  const reply = await askSource(slot, request.database, [
    'SLOTSMGRT-EXEC-WRAPPER',
    request.key,
    ...request.args,
  ]);
  if (reply.type === 'error') throw new RequestError(`${what} ${reply.text}`);
  if (reply.type !== 'array') throw new RequestError(`${what} should be integer, but got <${reply.type}>`);
  const [answer, result] = reply.items ?? [];
  if (reply.items?.length !== 2 || !answer || !result) {
    throw new RequestError(`${what} array.len = ${reply.items?.length ?? 0}`);
  }
  const value = answer.type === 'integer' ? String(answer.value) : '';
  if (value.length !== 1)
    throw new RequestError(`${what} type(array[0]) = <int>, len(array[0].value) = ${value.length}`);
  if (value === '0') return 'forward';
  if (value === '1') return 'retry';
  if (value === '2') return encodeReply(result);
  throw new RequestError(`${what} [${value}] ${result.type === 'error' ? result.text : ''}`);
}

/** Sync: the source first moves the key. */
async function moveKey(slot: ProxySlot, request: ProxyRequest): Promise<Step> {
  const { host, port } = splitAddress(slot.backend?.address ?? '');
  const reply = await askSource(slot, request.database, [
    'SLOTSMGRTTAGONE',
    host,
    String(port),
    '3000',
    request.key,
  ]);
  if (reply.type === 'integer') return 'forward';
  throw new RequestError(`bad slotsmgrt resp: ${reply.type === 'error' ? reply.text : `<${reply.type}>`}`);
}

function askSource(
  slot: ProxySlot,
  database: number,
  args: readonly (string | Buffer)[],
): Promise<RespValue> {
  return new Promise((resolve, reject) => {
    const source = slot.migrateFrom?.database(database);
    if (!source) return reject(new RequestError('backend conn reset'));
    slot.send(source, encodeRequest(args), (outcome) => {
      if (Buffer.isBuffer(outcome)) resolve(decodeReply(outcome));
      else reject(new RequestError(outcome.message));
    });
  });
}
