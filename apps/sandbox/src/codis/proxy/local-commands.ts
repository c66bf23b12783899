import { type RespValue, array, bulk, encodeReply, encodeRequest, failure, integer } from '../../resp';
import { atoi } from '../protocol/go-format';
import { MAX_SLOTS } from '../protocol/models';
import { dispatchParts, SPLIT } from './multi-key';
import { type ProxySlot } from './proxy-slot';
import { type Done, type ProxyRequest } from './request';
import { type Router } from './router';

type Handled = Promise<void> | undefined;

/** Carries out a command of a client that is logged in. See `forward` for what comes back. */
export function handleCommand(router: Router, request: ProxyRequest, done: Done): Handled {
  const { name } = request.operation;
  switch (name) {
    case 'PING':
    case 'INFO':
      return atServer(router, request, done);
    case 'SLOTSINFO':
      if (request.args.length !== 2) return wrongNumber(name, done);
      return atServer(router, request, done);
    case 'SLOTSSCAN':
      return slotsScan(router, request, done);
    case 'SLOTSMAPPING':
      return slotsMapping(router, request, done);
    case 'MGET':
    case 'MSET':
    case 'DEL':
    case 'EXISTS':
      return overKeys(router, request, done);
    default:
      return router.dispatch(request, done);
  }
}

export function reply(value: RespValue, done: Done): undefined {
  done(encodeReply(value));
  return undefined;
}

export function wrongNumber(name: string, done: Done): undefined {
  return reply(failure(`ERR wrong number of arguments for '${name}' command`), done);
}

/** The first argument is the address of a server; without one a slot taken by chance decides. */
function atServer(router: Router, request: ProxyRequest, done: Done): Handled {
  const [name = Buffer.alloc(0), address, ...rest] = request.args;
  if (!address) return router.dispatchSlot(Math.floor(Math.random() * MAX_SLOTS), request, done);
  return router.look(() => {
    const backend = router.connected(address.toString(), request.database);
    if (!backend) return reply(failure(`ERR backend server '${address.toString()}' not found`), done);
    backend.send(encodeRequest([name, ...rest]), done);
    return undefined;
  });
}

function slotsScan(router: Router, request: ProxyRequest, done: Done): Handled {
  if (request.args.length <= 2) return wrongNumber('SLOTSSCAN', done);
  const text = request.args[1]?.toString() ?? '';
  const slot = atoi(text);
  if (slot === undefined) {
    const why = `strconv.ParseInt: parsing "${text}": invalid syntax`;
    return reply(failure(`ERR parse slotnum '${text}' failed, ${why}`), done);
  }
  if (slot < 0 || slot >= MAX_SLOTS)
    return reply(failure(`ERR parse slotnum '${text}' failed, out of range`), done);
  return router.dispatchSlot(slot, { ...request, key: Buffer.alloc(0) }, done);
}

function slotsMapping(router: Router, request: ProxyRequest, done: Done): Handled {
  if (request.args.length === 1) return router.look(() => reply(array(router.slots.map(mapping)), done));
  if (request.args.length !== 2) return wrongNumber('SLOTSMAPPING', done);
  const text = request.args[1]?.toString() ?? '';
  const slot = router.slots[atoi(text) ?? -1];
  if (!slot) return reply(failure(`ERR parse slotnum '${text}' failed, out of range`), done);
  return router.look(() => reply(mapping(slot), done));
}

function mapping(slot: ProxySlot): RespValue {
  const { id, backend_addr = '', migrate_from = '', replica_groups = [] } = slot.toBody();
  const groups = replica_groups.map((group) => array(group.map((address) => bulk(address))));
  return array([integer(id), bulk(backend_addr), bulk(migrate_from), array(groups)]);
}

function overKeys(router: Router, request: ProxyRequest, done: Done): Handled {
  const { name } = request.operation;
  const count = request.args.length - 1;
  const splitting = SPLIT.get(name);
  if (!splitting || count === 0 || count % splitting.width !== 0) return wrongNumber(name, done);
  return count === splitting.width
    ? router.dispatch(request, done)
    : dispatchParts(router, request, splitting, done);
}
