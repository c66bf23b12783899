import { parseClusterFile } from './cluster-file';
import { ClusterFileError } from './cluster-file-error';

export const ROUTER = 'router: { kind: codis, dashboard: http://127.0.0.1:28080, product: lab }';
export const GROUPS = 'groups: [{ id: 1, nodes: [127.0.0.1:9521], slots: 0-31 }]';
export const file = (...lines: string[]): string => lines.join('\n');
/** A sound file on lines 1 to 3; `lines` begin on line 4. */
export const soundThen = (...lines: string[]): string => file('name: lab', ROUTER, GROUPS, ...lines);
/** A file whose line 2 is `router`. */
export const withRouter = (router: string): string => file('name: lab', router, GROUPS);
/** A file whose groups begin on line 4. */
export const withGroups = (...groups: string[]): string => file('name: lab', ROUTER, 'groups:', ...groups);

/** How the file is refused; throws when it is accepted. */
export function refusal(text: string): ClusterFileError {
  try {
    parseClusterFile(text, 'cluster.yaml');
  } catch (error) {
    if (error instanceof ClusterFileError) return error;
    throw error;
  }
  throw new Error('the file was accepted');
}

/** `line code path` of every problem. */
export function problems(text: string): string[] {
  return refusal(text).problems.map(({ line, code, path }) => `${line} ${code} ${path}`.trim());
}
