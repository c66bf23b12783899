import { type FailoverSettings } from '../failover/failover-settings';
import { type ClusterDefinition, type SecretSource } from '../cluster-definition';
import { type TableSlots, type GroupDefinition } from '../topology';
import { validateClaims } from '../validate-topology';
import { ClusterFileError } from './cluster-file-error';
import { readFailover } from './failover-section';
import { Field } from './field';
import { type Finding } from './finding';
import { readGroups, type GroupClaims } from './groups-section';
import { readMigration } from './migration-section';
import { readName } from './name';
import { readRouter } from './router-section';
import { readSecretSource } from './secret-source';
import { readTables } from './tables-section';
import { readYaml } from './yaml-source';

/** What a cluster file says: the definition, with nothing of the YAML left. */
export type ClusterFile = ClusterDefinition;

/**
 * Reads a cluster file.
 * @param fileName for messages only
 * @throws ClusterFileError with every problem of the file
 */
export function parseClusterFile(text: string, fileName: string): ClusterFile {
  const source = readYaml(text);
  const findings: Finding[] = [];
  const file = source.value === undefined ? undefined : readFile(source.value, findings);
  const problems = [...source.syntaxProblems, ...findings.map((finding) => source.locate(finding))];
  if (file && problems.length === 0) return file;
  problems.sort((a, b) => a.line - b.line || a.column - b.column);
  throw new ClusterFileError(fileName, problems);
}

function readFile(value: unknown, findings: Finding[]): ClusterFile | undefined {
  if (value === null) {
    findings.push({ ...EMPTY, path: [] });
    return undefined;
  }
  const section = new Field(value, [], findings).section(
    ['name', 'router', 'groups'],
    ['pika', 'tables', 'migration', 'failover'],
  );
  const name = readName(section.name);
  const router = readRouter(section.router);
  const pikaAuth = readPikaAuth(section.pika);
  const { tables, tablesComplete } = readTables(section.tables);
  const groups = readGroups(section.groups, tables);
  const migration = readMigration(section.migration);
  const failover = readFailover(section.failover);
  findings.push(
    ...validateClaims({
      tables,
      tablesComplete,
      groupIds: groups.flatMap(({ id }) => id ?? []),
      nodes: groups.flatMap(({ nodes }) => nodes),
      slots: groups.flatMap(({ slots }) => slots),
    }),
  );
  if (name === undefined || router === undefined || findings.length > 0) return undefined;
  return {
    name,
    router,
    pika: { auth: pikaAuth ?? router.productAuth },
    tables: tables.map((table) => table.value).sort((a, b) => a.id - b.id),
    groups: groups.flatMap(definitionOf),
    migration,
    failover: withGroups(failover, groups),
  };
}

const EMPTY = {
  code: 'FILE_EMPTY',
  message: 'The file describes nothing',
  remedy: 'Describe a cluster: name, router and groups.',
};

function readPikaAuth(field: Field): SecretSource | undefined {
  return field.isAbsent ? undefined : readSecretSource(field.section([], ['auth']).auth);
}

/** Policies of groups are complete: what a group does not say of itself is as for the cluster. */
function withGroups(cluster: FailoverSettings, groups: readonly GroupClaims[]): FailoverSettings {
  const { mode, downAfterMs, quorum, maxLossBytes, maxLossMs, blockMs, windows } = cluster;
  const base = { mode, downAfterMs, quorum, maxLossBytes, maxLossMs, blockMs, windows };
  const policies = groups.flatMap(({ id, policy }) =>
    id && policy ? [[String(id.value), { ...base, ...policy }] as const] : [],
  );
  return {
    ...cluster,
    groups: Object.fromEntries(policies),
    nodes: Object.fromEntries(groups.flatMap(({ flags }) => flags)),
  };
}

function definitionOf({ id, nodes, slots }: GroupClaims): GroupDefinition[] {
  const [master, ...replicas] = nodes.map(({ value }) => value);
  if (!id || master === undefined) return [];
  return [
    { id: id.value, nodes: [master, ...replicas], slots: slots.map(({ value }) => value).sort(byTable) },
  ];
}

function byTable(a: TableSlots, b: TableSlots): number {
  return a.table - b.table;
}
