import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Node,
  type Pair,
} from 'yaml';
import { type ClusterFileProblem } from './cluster-file-error';
import { type Finding } from './finding';
import { syntaxProblem } from './yaml-syntax-problem';
import { formatPath } from '../topology-problem';

/** A YAML text as plain values, able to say on which line each of them stands. */
export interface YamlSource {
  /** Undefined when the syntax is so wrong that nothing said about the values would help. */
  readonly value: unknown;
  readonly syntaxProblems: readonly ClusterFileProblem[];
  locate(finding: Finding): ClusterFileProblem;
}

/** Reads a YAML 1.2 text. Never throws: what is wrong with it is in the answer. */
export function readYaml(text: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    stringKeys: true,
  });
  const errors = [...document.errors, ...document.warnings];
  const aliases = aliasOffsets(document.contents);
  const position = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const usable = aliases.length === 0 && errors.every(({ code }) => code === 'DUPLICATE_KEY');
  return {
    value: usable ? document.toJS() : undefined,
    syntaxProblems: oncePerLine([
      ...errors.map((error) => ({ ...syntaxProblem(error, text), ...position(error.pos[0]), path: '' })),
      ...aliases.map((offset) => ({ ...ALIAS, ...position(offset), path: '' })),
    ]),
    locate: ({ place, path, code, message, remedy }) => ({
      code,
      message,
      remedy,
      ...position(offsetOf(document.contents, path, place)),
      path: formatPath(path),
    }),
  };
}

const ALIAS = {
  code: 'YAML_ALIAS',
  message: 'An alias (*name) stands for another part of the file',
  remedy: 'Write the value out: cluster files are read without aliases.',
};

function aliasOffsets(root: Node | null): number[] {
  const offsets: number[] = [];
  visit(root, { Alias: (_key, alias) => void offsets.push(startOf(alias)) });
  return offsets;
}

/** One slip can make the reader stumble over every character that follows. */
function oncePerLine(problems: readonly ClusterFileProblem[]): ClusterFileProblem[] {
  return [...new Map(problems.map((problem) => [`${problem.line} ${problem.message}`, problem])).values()];
}

/** Where the path leads, or as close to it as the file goes. */
function offsetOf(root: Node | null, path: Finding['path'], place: Finding['place']): number {
  let node: unknown = root;
  let offset = startOf(root);
  for (const [index, step] of path.entries()) {
    const atKey = place === 'key' && index === path.length - 1;
    const pair = isMap(node) ? node.items.find((item) => nameOf(item) === String(step)) : undefined;
    const next: unknown = isSeq(node) ? node.items[Number(step)] : pair?.value;
    if (next === undefined && !pair) return offset;
    offset = atKey || isEmpty(next) ? startOf(pair?.key ?? next) : startOf(next);
    node = next;
  }
  return offset;
}

function nameOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : '';
}

/** A key without a value: the place to point at is the key. */
function isEmpty(value: unknown): boolean {
  return value === null || (isScalar(value) && value.value === null && !value.source);
}

function startOf(node: unknown): number {
  const isNode = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node);
  return isNode ? (node.range?.[0] ?? 0) : 0;
}
