import { type RespReply, bulk } from '../../resp';
import { type NodeContext } from '../node-context';
import { lastScan, startScan } from './key-scan';
import { replicationSection } from './info-replication';

/** INFO [section]: server, clients, stats, keyspace [1: count anew], replication; all of them without a name. */
export function infoCommand(node: NodeContext, args: readonly Buffer[]): RespReply {
  const section = args[1]?.toString().toLowerCase();
  if (section === 'keyspace' && args[2]?.toString() === '1') startScan(node);
  const wanted = section === undefined || section === 'all' ? Object.keys(SECTIONS) : [section];
  return bulk(wanted.flatMap((name) => SECTIONS[name]?.(node).join('\r\n') ?? []).join('\r\n'));
}

const SECTIONS: Record<string, (node: NodeContext) => string[]> = {
  server: (node) => [
    '# Server',
    `pika_version:${node.dialect.version}`,
    'pika_git_sha:3e5249d40b89ed95539d4d7d559d3a11a52ad29e',
    'pika_build_compile_date: Nov 22 2026',
    'os:Linux 6.18.44 x86_64',
    'arch_bits:64',
    `process_id:${process.pid}`,
    `tcp_port:${node.port}`,
    'thread_num:1',
    'sync_thread_num:1',
    `uptime_in_seconds:${Math.floor((Date.now() - node.startedAt) / 1_000)}`,
    `uptime_in_days:${Math.floor((Date.now() - node.startedAt) / 86_400_000) + 1}`,
    'config_file:/data/pika/pika.conf',
    'server_id:1',
    '',
  ],
  clients: (node) => ['# Clients', `connected_clients:${node.server.sessions.length}`, ''],
  stats: (node) => [
    '# Stats',
    `total_connections_received:${node.server.accepted}`,
    'instantaneous_ops_per_sec:0',
    `total_commands_processed:${node.counters.commands}`,
    'is_bgsaving:No',
    'is_scaning_keyspace:No',
    'is_compact:No',
    'compact_cron:',
    'compact_interval:',
    '',
  ],
  keyspace: keyspaceSection,
  replication: replicationSection,
};

const TYPES = [
  ['Strings', 'string'],
  ['Hashes', 'hash'],
  ['Lists', 'list'],
  ['Zsets', 'zset'],
  ['Sets', 'set'],
] as const;

function keyspaceSection(node: NodeContext): string[] {
  const { at, durationMs, byTable } = lastScan(node);
  const counts = node.store.tables.flatMap(({ id }) =>
    TYPES.map(([label, type]) => {
      const { keys, expires } = byTable.get(id)?.get(type) ?? { keys: 0, expires: 0 };
      return `db${id} ${label}_keys=${keys}, expires=${expires}, invalid_keys=0`;
    }),
  );
  return [
    '# Keyspace',
    `# Time:${(at ?? new Date(node.startedAt)).toISOString().slice(0, 19).replace('T', ' ')}`,
    `# Duration: ${Math.floor(durationMs / 1_000)}s`,
    ...counts,
    '',
    '',
  ];
}
