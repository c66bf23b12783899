import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REFUSALS } from '@slotferry/cluster';
import { FINDING_CODES } from './replicas';

const sources = __dirname;
const docs = join(__dirname, '../../../docs');

/** Calls that say why a workflow stands still, with the code they begin with. */
const saysWhy =
  /\b(?:wait|block|blocked|stop|final|passing|PathProblem|loose)\(\s*\{?\s*(?:code:\s*)?'([a-z-]+)'/g;
/** An operator's word that ends a block is the code of the block. */
const approvals = /Approval = '([a-z-]+)'/g;

/** Codes of the election that block. */
const undecided = ['no-candidate', 'loss-above-limit', 'choice-refused'];

function codesInSources(): string[] {
  const files = readdirSync(sources, { recursive: true }).map(String);
  const texts = files
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .filter((file) => /^(failover|replicas|switchover)\/|^outcomes/.test(file))
    .map((file) => readFileSync(join(sources, file), 'utf8'));
  const codes = texts.flatMap((text) =>
    [saysWhy, approvals].flatMap((pattern) => [...text.matchAll(pattern)].map(([, code]) => code ?? '')),
  );
  return [...new Set(codes)].sort();
}

const runbooks = readdirSync(join(docs, 'runbooks'))
  .filter((name) => name.startsWith('failover-'))
  .map((name) => readFileSync(join(docs, 'runbooks', name), 'utf8'))
  .join('\n');

it('every reason for standing still has its entry in a runbook', () => {
  const codes = codesInSources();
  expect(codes).toEqual(expect.arrayContaining(['vetoed', 'proxy-away', 'copy-changed', 'hold-lost']));
  const missing = [...codes, ...undecided, ...REFUSALS].filter((code) => !runbooks.includes(`\`${code}\``));
  expect(missing).toEqual([]);
});

it('every finding is explained in the guide', () => {
  const guide = readFileSync(join(docs, 'guide/failover.md'), 'utf8');
  expect(FINDING_CODES.filter((code) => !guide.includes(`\`${code}\``))).toEqual([]);
});
