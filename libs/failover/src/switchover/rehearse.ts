import { formatSlots } from '@slotferry/cluster';
import { tolerant } from '../outcomes';
import { done, type Outcome, type Problem } from '@slotferry/workflow';
import type { SwitchoverInput } from '../definitions';
import { refusalsOfMachines } from './refusals/of-machines';
import { refusalsOfOthers } from './refusals/of-others';
import { refusalsOfRequest } from './refusals/of-request';
import type { Refusal } from './refusals/refusal';
import { holdBudgetOf, openStage, type Stage, standingOf, type SwitchoverParts } from './stage';

/** What would come of a switchover that began now. */
export interface SwitchoverRehearsal {
  readonly ready: boolean;
  /** Everything that stands against it, the gravest first. */
  readonly refusals: readonly Problem[];
  /** What it would do, a sentence a step; empty when it would not begin. */
  readonly wouldDo: readonly string[];
}

/**
 * Looks at everything a switchover looks at before it begins, and changes nothing. A router that cannot be asked is a refusal.
 * Throws ClusterNotFound, SecretError.
 */
export async function rehearseSwitchover(
  parts: Pick<SwitchoverParts, 'clusters' | 'engine'>,
  input: SwitchoverInput,
): Promise<SwitchoverRehearsal> {
  const stage = await openStage(parts.clusters, input);
  let found: Findings = { refusals: [], wouldDo: [] };
  const outcome = await tolerant(async () => {
    found = await examine(parts, stage, input);
    return done();
  });
  const refusals = [...problemsOf(outcome), ...found.refusals];
  return {
    ready: refusals.length === 0,
    refusals: refusals.map(({ code, message, remedy }) => ({ code, message, remedy })),
    wouldDo: refusals.length === 0 ? found.wouldDo : [],
  };
}

/** All refusals of a switchover at this moment. Throws PikaError, CodisError. `self`: the workflow that asks. */
export async function findRefusals(
  { engine }: Pick<SwitchoverParts, 'engine'>,
  stage: Stage,
  input: SwitchoverInput,
  self: string | null,
): Promise<Refusal[]> {
  const { router } = stage.cluster;
  await router.ping();
  const view = await router.view();
  const refusals = refusalsOfRequest(view, stage, input);
  if (refusals.some(({ final }) => final)) return refusals;
  const [others, machines] = await Promise.all([
    refusalsOfOthers(engine, input, self),
    refusalsOfMachines(view, stage, input),
  ]);
  return [...refusals, ...others, ...machines];
}

interface Findings {
  readonly refusals: readonly Refusal[];
  readonly wouldDo: readonly string[];
}

async function examine(
  parts: Pick<SwitchoverParts, 'engine'>,
  stage: Stage,
  input: SwitchoverInput,
): Promise<Findings> {
  const refusals = await findRefusals(parts, stage, input, null);
  if (refusals.length > 0) return { refusals, wouldDo: [] };
  const { able } = await stage.cluster.router.canHold();
  return { refusals, wouldDo: await stepsOf(stage, input, able) };
}

async function stepsOf(
  stage: Stage,
  { group, from, to, notBefore }: SwitchoverInput,
  canHold: boolean,
): Promise<string[]> {
  const view = await stage.cluster.router.view();
  const { slots, record } = standingOf(view, stage);
  const names = slots.map(({ table, slots: numbers }) =>
    table === 0 ? formatSlots(numbers) : `${formatSlots(numbers)} of table ${table}`,
  );
  const others = record?.servers.filter((server) => server !== from && server !== to) ?? [];
  const slotsText = names.join(', ') || 'none';
  return [
    ...(notBefore === '' ? [] : [`wait until ${notBefore}`]),
    `wait until ${to} lacks hardly anything of ${from}`,
    canHold
      ? `hold requests of slots ${slotsText} at ${view.proxies.length} proxies, for ${holdBudgetOf(stage)} ms at most`
      : `go on without holding requests: writes of the last moments may be lost`,
    `detach slots ${slotsText} of ${to}, and promote it in group ${group}`,
    `attach ${[from, ...others].join(', ')} to ${to}`,
  ];
}

/** What an answer that did not come means: the router, or a secret. */
function problemsOf(outcome: Outcome): Problem[] {
  switch (outcome.kind) {
    case 'blocked':
      return [outcome.problem];
    case 'wait':
      return [
        {
          code: outcome.code,
          message: outcome.message,
          remedy: 'Bring it back; then ask again.',
        },
      ];
    default:
      return [];
  }
}
