import type { Outcome, Phase } from '@slotferry/workflow';
import type { SwitchoverInput } from '../definitions';
import type { Notifier } from '../notify';
import type { SwitchoverContext } from './stage';

/** The same phase, except that hooks hear when an operator is needed, once for each problem: a planned one may run at night. */
export function tellingBlocks(notifier: Notifier, phase: Phase<SwitchoverInput>): Phase<SwitchoverInput> {
  const { workflow, name } = phase;
  const run: Phase<SwitchoverInput>['run'] = async (context) =>
    told(notifier, context, await phase.run(context));
  const back = phase.undo?.bind(phase);
  if (!back) return { workflow, name, run };
  return { workflow, name, run, undo: async (context) => told(notifier, context, await back(context)) };
}

async function told(notifier: Notifier, context: SwitchoverContext, outcome: Outcome): Promise<Outcome> {
  if (outcome.kind !== 'blocked' || context.state.blocked?.problem.code === outcome.problem.code)
    return outcome;
  const { cluster, group, from, to } = context.input;
  const { code, message } = outcome.problem;
  const deliveries = await notifier.after({
    event: 'switchover-blocked',
    cluster,
    group,
    workflow: context.workflowId,
    at: context.now(),
    code,
    message,
    details: { from, to },
  });
  if (deliveries.length > 0) context.step('told: switchover-blocked', [...deliveries]);
  return outcome;
}
