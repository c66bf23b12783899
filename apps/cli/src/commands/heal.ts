import { type Command } from 'commander';
import { type Ended } from '../ended';
import { ExitCode } from '../exit-code';
import { type Healed, type HealPlan } from '../http/failover-answers';
import { showHealed, showHealPlan } from '../print/heal';
import { openSession, type Session } from '../session';
import { waitAndReport } from '../wait/wait-and-report';
import { wholeNumber } from '../whole-number';
import { addWaiting, type WaitOptions } from './waiting';

interface HealOptions extends WaitOptions {
  readonly cluster: string;
  readonly dryRun?: true;
  readonly group?: number;
  readonly node?: string;
}

/** `slotferry heal`. */
export function addHealCommand(program: Command, ended: Ended): void {
  addWaiting(
    program
      .command('heal')
      .description('mend replicas that do not follow their masters')
      .requiredOption('--cluster <name>', 'name of the cluster')
      .option('--dry-run', 'show what is wrong and what would be done, and do nothing')
      .option('--group <group>', 'only nodes of this group', wholeNumber(1))
      .option('--node <node>', 'only this node: host:port'),
  )
    .addHelpText('after', EXAMPLES)
    .action(async (options: HealOptions, command: Command) => {
      const session = openSession(command);
      ended(options.dryRun ? await show(session, options) : await heal(session, options));
    });
}

async function show(session: Session, options: HealOptions): Promise<ExitCode> {
  const plan = await session.client.get<HealPlan>(pathOf(options));
  const proposals = plan.proposals.filter(({ finding }) => isMeant(finding, options));
  session.print({ ...plan, proposals }, showHealPlan);
  return ExitCode.done;
}

async function heal(session: Session, options: HealOptions): Promise<ExitCode> {
  const { group, node, wait, timeout } = options;
  const healed = await session.client.post<Healed>(pathOf(options), { body: { group, node } });
  if (!wait || healed.workflows.length === 0) {
    session.print(healed, showHealed);
    return ExitCode.done;
  }
  if (!session.json) console.log(showHealed(healed));
  return waitAndReport(session, healed.workflows, timeout);
}

function isMeant(finding: { readonly group: number; readonly node: string }, options: HealOptions): boolean {
  const { group = finding.group, node = finding.node } = options;
  return finding.group === group && finding.node === node;
}

function pathOf({ cluster }: HealOptions): string {
  return `/clusters/${encodeURIComponent(cluster)}/heal`;
}

const EXAMPLES = `
Examples:
  $ slotferry heal --cluster lab --dry-run
  $ slotferry heal --cluster lab --group 1 --wait

One node of a group is mended at a time; ask again for the next, or let it happen by itself (failover.heal: repair).`;
