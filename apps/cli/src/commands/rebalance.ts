import { type Command, InvalidArgumentError } from 'commander';
import { type StoredPlan } from '@slotferry/migration';
import { type WorkflowSummary } from '@slotferry/workflow';
import { usageError } from '../cli-error';
import { type Ended } from '../ended';
import { ExitCode } from '../exit-code';
import { announce } from '../print/announce';
import { showPlan } from '../print/plan';
import { confirm } from '../rebalance/confirm';
import { goalOf, type GoalOptions } from '../rebalance/goal';
import { addLimits, type LimitOptions, limitsOf } from '../rebalance/limits';
import { openSession, type Session } from '../session';
import { readSizes } from '../rebalance/sizes-file';
import { wholeNumber } from '../whole-number';
import { addWaiting, type WaitOptions } from './waiting';
import { waitAndReport } from '../wait/wait-and-report';

interface RebalanceOptions extends WaitOptions, Omit<GoalOptions, 'sizes'>, LimitOptions {
  /** Path of a file. */
  readonly sizes?: string;
  readonly cluster?: string;
  readonly plan?: string;
  readonly dryRun?: true;
  readonly yes?: true;
  readonly adopt?: true;
  readonly idempotencyKey?: string;
}

/** `slotferry rebalance`. */
export function addRebalanceCommand(program: Command, ended: Ended): void {
  const command = program
    .command('rebalance')
    .description('move many slots: shows the plan, asks, and moves while clients keep writing')
    .option('--cluster <name>', 'name of the cluster')
    .option('--even', 'as many slots for every group')
    .option('--weights <weights>', 'shares of groups: 1=1,3=2; others have 1, and 0 empties one')
    .option(
      '--by <measure>',
      'with --even or --weights: written, for what was written to each slot so far in place of the number of slots',
    )
    .option(
      '--sizes <file>',
      'the same by sizes of your own: a line slot,size for each slot, or {"slot": size}',
    )
    .option(
      '--tolerance <part>',
      'how far a group may be from its share by size: 0.05 is 5 %, and what counts when this is left out',
      part,
    )
    .option('--drain <group>', 'empty a group: group:2')
    .option('--slots <slots>', 'these slots, to the group after --to: 0-29')
    .option('--to <group>', 'group that is to own them', wholeNumber(1))
    .option('--table <table>', 'table of these slots, or of the sizes', wholeNumber(0))
    .option('--undo <workflow>', 'take an earlier rebalance back, as far as its moves still stand')
    .option('--plan <id>', 'execute a plan that was made before')
    .option('--dry-run', 'make the plan, show it, and do nothing')
    .option('--yes', 'do not ask')
    .option('--adopt', "take slots of the plan out of the router's queue that another tool left there")
    .option('--idempotency-key <key>', 'makes executing safe to repeat: 8-64 letters, digits, _ and -');
  addWaiting(addLimits(command))
    .addHelpText('after', EXAMPLES)
    .action(async (options: RebalanceOptions, self: Command) => {
      ended(await rebalance(openSession(self), options));
    });
}

async function rebalance(session: Session, options: RebalanceOptions): Promise<ExitCode> {
  const { dryRun, yes, wait, idempotencyKey, adopt } = options;
  const plan = await planOf(session, options);
  if (!session.json) console.log(showPlan(plan));
  if (dryRun || plan.count === 0) return onlyShown(session, plan);
  if (!yes && !(await confirm(`Move ${plan.count} ${plan.count === 1 ? 'slot' : 'slots'}?`))) {
    console.error(`nothing was started; ${later(plan)}`);
    return ExitCode.failed;
  }
  const path = `/plans/${encodeURIComponent(plan.id)}/execute`;
  const workflow = await session.client.post<WorkflowSummary>(path, {
    idempotencyKey,
    body: adopt ? { adopt } : {},
  });
  if (wait) {
    if (session.json) console.log(JSON.stringify(plan));
    else console.log('');
    return waitAndReport(session, [workflow], options.timeout);
  }
  session.print({ plan, workflow }, () => `\n${announce(workflow)}`);
  return ExitCode.done;
}

/** Makes a plan, or gets the one that is named. */
function planOf(session: Session, options: RebalanceOptions): Promise<StoredPlan> {
  const { plan: id, cluster } = options;
  const { sizes, ...others } = options;
  const goal = goalOf(sizes === undefined ? others : { ...others, sizes: readSizes(sizes) });
  const limits = limitsOf(options);
  if (id !== undefined) {
    if (goal !== null || Object.keys(limits).length > 0) {
      throw usageError('--plan has its goal and its limits already', 'Give --plan alone, or plan anew.');
    }
    return session.client.get<StoredPlan>(`/plans/${encodeURIComponent(id)}`);
  }
  if (cluster === undefined) throw usageError('no cluster is named', 'Add --cluster <name>, or --plan <id>.');
  if (goal === null) {
    throw usageError(
      'nothing says what is wanted',
      'Give one of --even, --weights, --drain, --slots and --undo.',
    );
  }
  return session.client.post<StoredPlan>(`/clusters/${encodeURIComponent(cluster)}/plans`, {
    body: { goal, limits },
  });
}

function part(text: string): number {
  if (/^(0|1|0?\.\d{1,6})$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Write a part of 1, as 0.05.');
}

function onlyShown(session: Session, plan: StoredPlan): ExitCode {
  if (session.json) session.print({ plan }, () => '');
  else if (plan.count > 0) console.log(`\n${later(plan)}`);
  return ExitCode.done;
}

function later({ id }: StoredPlan): string {
  return `to execute this plan: slotferry rebalance --plan ${id}`;
}

const EXAMPLES = `
Examples:
  $ slotferry rebalance --cluster lab --even --dry-run
  $ slotferry rebalance --plan pl-mibx2k1q0f3k9v0a2c4e6 --wait
  $ slotferry rebalance --cluster lab --weights 1=1,3=2 --in-flight 8 --yes --wait
  $ slotferry rebalance --cluster lab --even --by written --dry-run
  $ slotferry rebalance --cluster lab --even --sizes sizes.csv --tolerance 0.02
  $ slotferry rebalance --cluster lab --drain group:2 --first 10-20
  $ slotferry rebalance --cluster lab --slots 0-29 --to 3
  $ slotferry rebalance --cluster lab --undo rb-mibx2k1q0f3k9v0a2c4e6

--by written counts what was written to a slot since it was made, also what was overwritten or deleted
since. It does not count what is stored.
Without a terminal nobody can be asked: give --yes or --dry-run.
Limits can be changed while it runs: slotferry workflow set <id> --in-flight 8`;
