import { basename } from 'node:path';
import { parseDocument } from 'yaml';
import { type ClusterAnswer } from '../http/answers';
import { readFile } from '../read-file';
import { type Session } from '../session';

/** Sends a cluster file to the API, which judges it. Throws CliError. */
export async function applyCluster(session: Session, path: string): Promise<void> {
  const file = readFile(path, 'Name the cluster file with -f.');
  const body = { file, fileName: basename(path) };
  const answer = await session.client.put<ClusterAnswer>(
    `/clusters/${encodeURIComponent(nameIn(file))}`,
    body,
  );
  session.print(answer, describe);
}

/** The name is part of the address. A file without one is refused by the API, with all that is wrong with it. */
function nameIn(file: string): string {
  const content: unknown = parseDocument(file, { logLevel: 'silent' }).toJSON();
  const name =
    typeof content === 'object' && content !== null && 'name' in content ? content.name : undefined;
  return typeof name === 'string' && name !== '' ? name : 'unnamed';
}

function describe({ definition, version, change }: ClusterAnswer): string {
  const { name, groups } = definition;
  if (change === 'unchanged') return `cluster ${name} is registered like this already (version ${version})`;
  const size = `${groups.length} groups, ${groups.flatMap(({ nodes }) => nodes).length} nodes`;
  return `cluster ${name} ${change === 'created' ? 'registered' : `changed to version ${version}`}: ${size}`;
}
