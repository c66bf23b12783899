import { type WorkflowSummary } from '@slotferry/workflow';
import { showDuration } from '../duration';
import { type WorkflowDetails } from '../http/answers';
import { goOn } from './go-on';
import { showPhases } from './phases';
import { isRebalanceDetail, rebalanceLines } from './rebalance-details';
import { table } from './table';
import { dateTime } from './time';

/** Workflows as a table. */
export function showWorkflows(workflows: readonly WorkflowSummary[]): string {
  if (workflows.length === 0) return 'no workflows';
  const heads = ['ID', 'CLUSTER', 'WORKFLOW', 'STATUS', 'PHASE', 'STARTED', 'REMARK'];
  return table(
    heads,
    workflows.map((one) => [
      one.id,
      one.scope,
      one.title,
      one.status,
      one.endedAt === null ? one.phase : '',
      dateTime(one.startedAt),
      remark(one),
    ]),
  );
}

/** One workflow with all that is known about it. */
export function showWorkflow(workflow: WorkflowDetails): string {
  const { id, title, scope, status, startedBy, startedAt, endedAt, steps, facts } = workflow;
  const took = endedAt === null ? '' : `, took ${showDuration(endedAt - startedAt)}`;
  const isRebalance = workflow.workflow === 'rebalance';
  const names = Object.keys(facts)
    .filter((name) => !isRebalance || !isRebalanceDetail(name))
    .sort();
  return [
    `${id}: ${title}`,
    `cluster ${scope}, ${status}${workflow.committed ? ', past the point of no return' : ''}`,
    `started ${dateTime(startedAt)} by ${startedBy}${took}`,
    ...(remark(workflow) ? [remark(workflow)] : []),
    ...(isRebalance ? rebalanceLines(workflow) : []),
    '',
    showPhases(workflow),
    ...(steps.length > 0 ? ['', `steps: ${steps.map(({ step }) => step).join(', ')}`] : []),
    ...(names.length > 0
      ? ['', 'facts:', ...names.map((name) => `  ${name}: ${JSON.stringify(facts[name])}`)]
      : []),
    ...goOn(workflow).map((line, index) => (index === 0 ? `\n${line}` : line)),
  ].join('\n');
}

function remark({ waiting, problem, cancelRequested, status }: WorkflowSummary): string {
  if (problem) return problem.message;
  if (waiting) return `waits: ${waiting.message}`;
  return cancelRequested && status !== 'cancelled' ? 'cancel requested' : '';
}
