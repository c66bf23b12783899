import { array, decodeReply, encodeReply, integer, type RespValue } from '../../resp';
import { hashKey } from './key-slot';
import { type Router } from './router';
import { BackendError, type Done, type Outcome, type ProxyRequest } from './request';

/** How a command over several keys is cut into commands over one, and put together again. */
interface Splitting {
  /** Arguments a part takes: a key, or a key and its value. */
  readonly width: 1 | 2;
  readonly join: (replies: readonly RespValue[]) => RespValue;
}

export const SPLIT: ReadonlyMap<string, Splitting> = new Map<string, Splitting>([
  ['MGET', { width: 1, join: joinValues }],
  ['MSET', { width: 2, join: joinStatus }],
  ['DEL', { width: 1, join: (replies) => joinCounts('del', replies) }],
  ['EXISTS', { width: 1, join: (replies) => joinCounts('exists', replies) }],
]);

/**
 * Dispatches the parts one after the other without waiting for replies.
 * @throws RequestError from the first part that cannot be dispatched; those before it are carried out all the same
 */
export function dispatchParts(
  router: Router,
  request: ProxyRequest,
  splitting: Splitting,
  done: Done,
): Promise<void> | undefined {
  const parts = partsOf(request, splitting.width);
  const outcomes: Outcome[] = [];
  let missing = parts.length;
  const settle = (index: number, outcome: Outcome): void => {
    outcomes[index] = outcome;
    missing -= 1;
    if (missing === 0) done(joined(outcomes, splitting));
  };
  for (const [index, part] of parts.entries()) {
    const wait = router.dispatch(part, (outcome) => settle(index, outcome));
    if (wait) return dispatchRest(router, parts, index + 1, wait, settle);
  }
  return undefined;
}

async function dispatchRest(
  router: Router,
  parts: readonly ProxyRequest[],
  from: number,
  first: Promise<void>,
  settle: (index: number, outcome: Outcome) => void,
): Promise<void> {
  await first;
  for (let index = from; index < parts.length; index += 1) {
    const part = parts[index];
    if (part) await router.dispatch(part, (outcome) => settle(index, outcome));
  }
}

function partsOf(request: ProxyRequest, width: 1 | 2): ProxyRequest[] {
  const [name, ...rest] = request.args;
  const parts: ProxyRequest[] = [];
  for (let at = 0; at < rest.length; at += width) {
    const args = [name ?? Buffer.alloc(0), ...rest.slice(at, at + width)];
    parts.push({ ...request, args, key: hashKey(request.operation.name, args) });
  }
  return parts;
}

function joined(outcomes: readonly Outcome[], splitting: Splitting): Outcome {
  const failed = outcomes.find((outcome) => !Buffer.isBuffer(outcome));
  if (failed) return failed;
  try {
    return encodeReply(splitting.join(outcomes.map((outcome) => decodeReply(outcome as Buffer))));
  } catch (error) {
    return error instanceof Error ? error : new BackendError(String(error));
  }
}

function joinValues(replies: readonly RespValue[]): RespValue {
  return array(
    replies.map((reply) => {
      const [only, ...others] = reply.type === 'array' ? (reply.items ?? []) : [];
      if (only && others.length === 0) return only;
      throw new BackendError(`bad mget resp: ${goType(reply)} array.len = ${only ? others.length + 1 : 0}`);
    }),
  );
}

function joinStatus(replies: readonly RespValue[]): RespValue {
  const wrong = replies.find((reply) => reply.type !== 'simple');
  if (wrong) throw new BackendError(`bad mset resp: ${goType(wrong)} value.len = ${valueLength(wrong)}`);
  return replies.at(-1) ?? array(null);
}

function joinCounts(name: string, replies: readonly RespValue[]): RespValue {
  const counts = replies.map((reply) => {
    if (reply.type === 'integer' && (reply.value === 0 || reply.value === 1)) return reply.value;
    throw new BackendError(`bad ${name} resp: ${goType(reply)} value.len = ${valueLength(reply)}`);
  });
  return integer(counts.reduce((sum: number, count) => sum + count, 0));
}

function goType(reply: RespValue): string {
  const names = {
    simple: '<string>',
    error: '<error>',
    integer: '<int>',
    bulk: '<bulkbytes>',
    array: '<array>',
  };
  return names[reply.type];
}

function valueLength(reply: RespValue): number {
  switch (reply.type) {
    case 'simple':
    case 'error':
      return reply.text.length;
    case 'integer':
      return String(reply.value).length;
    case 'bulk':
      return reply.data?.length ?? 0;
    case 'array':
      return 0;
  }
}
