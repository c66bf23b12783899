import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../../..');

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** All sources below a folder of the library, one text. */
function sources(folder: string): string {
  const path = `libs/migration/src/${folder}`;
  const names = readdirSync(join(root, path), { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'));
  return files.map((name) => read(`${path}/${name}`)).join('\n');
}

function all(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, found = '']) => found);
}

const ofSlots = [
  sources('move-slot'),
  sources('attachment'),
  sources('bootstrap'),
  read('libs/migration/src/outcomes.ts'),
].join('\n');
/** What a name of a constant stands for, in whichever file. */
function valuesOf(name: string): string[] {
  return all(ofSlots, new RegExp(`const ${name} = '([a-z-]+)';`, 'g'));
}

/** Codes written where they are used, and constants that stand for one. Names of parameters are nothing. */
function codesOf(text: string, call: string): string[] {
  const literal = all(text, new RegExp(`\\b${call}\\(\\s*'([a-z-]+)'`, 'g'));
  const named = all(text, new RegExp(`\\b${call}\\(\\s*(\\w+),`, 'g'));
  return [...literal, ...named.flatMap(valuesOf)];
}

/** Labels of cases that lead to a statement. */
function casesOf(text: string, statement: string): string[] {
  const groups = all(text, new RegExp(`((?:case '[a-z-]+':\\s*)+)${statement}`, 'g'));
  return groups.flatMap((labels) => all(labels, /'([a-z-]+)'/g));
}

function union(path: string, name: string): string[] {
  const text = read(path);
  const from = text.indexOf(`export type ${name} =`);
  return all(text.slice(from, text.indexOf(';', from)), /\| '([a-z-]+)'/g);
}

const waits = [
  ...codesOf(ofSlots, 'wait'),
  ...codesOf(ofSlots, 'PathProblem'),
  ...all(ofSlots, /kind: 'wait',\s*code: '([a-z-]+)'/g),
  ...all(ofSlots, /(?:takeBack|letGo)\([^;]*?, '([a-z-]+)'\)/g),
];
const blocks = [
  ...codesOf(ofSlots, 'block'),
  ...casesOf(ofSlots, 'return block\\(\\s*(?:error\\.)?code'),
  ...all(read('libs/migration/src/move-slot/handover/given-up.ts'), /code: '([a-z-]+)'/g),
  ...all(read('libs/platform/src/secrets.ts'), /'(secret-[a-z]+)'/g),
  ...all(read('libs/workflow/src/decide.ts'), /code: '([a-z-]+)'/g),
];
const tolerated = new Set(casesOf(read('libs/migration/src/outcomes.ts'), 'return'));
const failures = [
  ...codesOf(ofSlots, 'return problem'),
  ...union('libs/pika/src/pika.errors.ts', 'PikaErrorCode').filter((code) => !tolerated.has(code)),
  ...union('libs/codis/src/codis.errors.ts', 'CodisErrorCode').filter((code) => !tolerated.has(code)),
];

/** The codes of the first column below a heading. */
function listed(runbook: string, heading: string): string[] {
  const text = read(`docs/runbooks/${runbook}`);
  const from = text.indexOf(`\n## ${heading}\n`);
  if (from < 0) throw new Error(`${runbook} has no part "${heading}"`);
  const end = text.indexOf('\n## ', from + 1);
  const rows = all(text.slice(from, end < 0 ? undefined : end), /^\| (`[^|]+)\|/gm);
  return rows.flatMap((cell) => all(cell, /`([a-z-]+)`/g));
}

const sorted = (codes: readonly string[]): string[] => [...new Set(codes)].sort();

describe('the runbook of a slot that is stuck', () => {
  it.each([
    ['It waits', waits, 'catching-up', 20],
    ['It is blocked', blocks, 'target-holds-copy', 20],
    ['It has failed', failures, 'owner-changed', 20],
  ])('names under "%s" every reason there is, and no other', (heading, codes, example, atLeast) => {
    // Were the sources written in a way that is not found here, this would be seen by a number too small.
    expect(sorted(codes).length).toBeGreaterThanOrEqual(atLeast);
    expect(codes).toContain(example);
    expect(sorted(listed('a-slot-is-stuck.md', heading))).toEqual(sorted(codes));
  });

  it('tells for every reason what to look at and what to do', () => {
    const rows = read('docs/runbooks/a-slot-is-stuck.md')
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    expect(rows.length).toBeGreaterThan(40);
    for (const row of rows) {
      const cells = row.split('|').slice(1, -1);
      expect({ row, cells: cells.length, empty: cells.filter((cell) => cell.trim() === '') }).toEqual({
        row,
        cells: 4,
        empty: [],
      });
    }
  });
});

describe('the runbook of a rebalance that is stuck', () => {
  it('names every reason that only a rebalance has, and no other', () => {
    const text = sources('rebalance');
    const codes = sorted([...codesOf(text, 'wait'), ...codesOf(text, 'block')]);
    expect(codes).toContain('moves-stuck');
    expect(sorted(listed('a-move-is-stuck.md', 'A rebalance is stuck'))).toEqual(codes);
  });
});
