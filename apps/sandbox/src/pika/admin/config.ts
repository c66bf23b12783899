import { DEFAULT_LIMITS } from '../binlog';
import { type RespReply, OK, array, bulk, failure } from '../../resp';
import { type NodeContext } from '../node-context';

/** CONFIG GET pattern; nothing can be changed. */
export function configCommand(node: NodeContext, args: readonly Buffer[]): RespReply {
  const [, sub, pattern] = args.map((word) => word.toString().toLowerCase());
  if (sub === 'rewrite' || sub === 'resetstat') return OK;
  if (sub === 'get' && pattern !== undefined) return get(node, pattern);
  if (sub === 'set') return failure('ERR Unsupported CONFIG parameter');
  return failure('ERR CONFIG subcommand must be one of GET, SET, RESETSTAT, REWRITE');
}

function get(node: NodeContext, pattern: string): RespReply {
  const matches = globOf(pattern);
  const found = Object.entries(settingsOf(node)).filter(([name]) => matches.test(name));
  return array(found.flatMap(([name, value]) => [bulk(name), bulk(value)]));
}

function settingsOf(node: NodeContext): Record<string, string> {
  return {
    port: String(node.port),
    'thread-num': '1',
    'sync-thread-num': '1',
    'server-id': '1',
    masterauth: node.password,
    requirepass: node.password,
    'instance-mode': 'sharding',
    databases: String(node.store.tables.length),
    'default-slot-num': String(node.options.slotCount ?? 1_024),
    'binlog-file-size': String(node.options.binlog?.fileSize ?? DEFAULT_LIMITS.fileSize),
    maxclients: '20000',
  };
}

/** A pattern with `*` and `?`. */
export function globOf(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/\*/g, '.*').replace(/\?/g, '.')}$`, 's');
}
