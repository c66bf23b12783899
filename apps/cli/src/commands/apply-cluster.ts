import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseDocument } from 'yaml';
import { usageError } from '../cli-error';
import { type ClusterAnswer } from '../http/answers';
import { type Session } from '../session';

/** Sends a cluster file to the API, which judges it. Throws CliError. */
export async function applyCluster(session: Session, path: string): Promise<void> {
  const file = read(path);
  const body = { file, fileName: basename(path) };
  const answer = await session.client.put<ClusterAnswer>(
    `/clusters/${encodeURIComponent(nameIn(file))}`,
    body,
  );
  session.print(answer, describe);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`;
    throw usageError(`${path}: ${why}`, 'Name the cluster file with -f.');
  }
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
