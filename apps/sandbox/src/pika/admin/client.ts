import { type RespReply, OK, bulk, failure } from '../../resp';
import { type NodeContext } from '../node-context';

/** Number of the first descriptor that a client gets; those below belong to files. */
const FIRST_DESCRIPTOR = 48;

/** CLIENT LIST, CLIENT KILL address. */
export function clientCommand(node: NodeContext, args: readonly Buffer[]): RespReply {
  const [, sub, address] = args.map(String);
  if (sub?.toLowerCase() === 'list') return bulk(list(node));
  if (sub?.toLowerCase() === 'kill' && address !== undefined) return kill(node, address);
  return failure('ERR Syntax error, try CLIENT (LIST [order by [addr|idle])| KILL ip:port)');
}

function list(node: NodeContext): string {
  return node.server.sessions
    .map(({ id, socket, lastCommandAt }) => {
      const idle = Math.floor((Date.now() - lastCommandAt) / 1_000);
      return `addr=${socket.remoteAddress}:${socket.remotePort} fd=${FIRST_DESCRIPTOR + id} idle=${idle}\n`;
    })
    .join('');
}

function kill(node: NodeContext, address: string): RespReply {
  const matching = node.server.sessions.filter(
    ({ socket }) => address === 'all' || `${socket.remoteAddress}:${socket.remotePort}` === address,
  );
  if (matching.length === 0) return failure('ERR No such client');
  for (const session of matching) session.end();
  return OK;
}
