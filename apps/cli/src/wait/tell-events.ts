import { type WorkflowSummary } from '@slotferry/workflow';
import { showProgress } from '../print/event';
import { stamp } from './stamp';
import { tellRebalance } from './tell-rebalance';
import { type Teller } from './teller';

/** A line for every event that says something to people. */
const tellEvents: Teller = {
  event(label, event) {
    const line = showProgress(event);
    if (line !== null) console.log(stamp(event, label, line));
  },
  end: () => undefined,
};

/** A line for every event as JSON. */
const tellJson: Teller = {
  event: (_label, event) => console.log(JSON.stringify(event)),
  end: () => undefined,
};

/** How the events of workflows are told best. */
export function tellerFor(workflows: readonly WorkflowSummary[], json: boolean): Teller {
  if (json) return tellJson;
  const [first, ...others] = workflows;
  const isRebalance = first?.workflow === 'rebalance' && others.length === 0;
  return isRebalance ? tellRebalance(process.stdout) : tellEvents;
}
