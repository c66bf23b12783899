import { type GroupAnalysis, type JudgeInput, type Refusal } from './analysis';
import { policyOf } from './failover-settings';
import { type SeenGroup } from './many-masters';
import { answersAny } from './sights';
import { formatWindows, isInWindow } from './windows';

/**
 * Whether the failover of a group whose master is down begins. What makes it needless or useless comes first, then what operators want.
 * Windows and the block hold up what would happen by itself; a proposal changes nothing, so it is made at any time.
 */
export function startDecision(group: SeenGroup, input: JudgeInput): GroupAnalysis['decision'] {
  const { mode, windows } = policyOf(input.settings, group.group);
  const { group: id } = group;
  if (group.underWay)
    return refuse('under-way', `A failover or switchover of group ${id} is under way already.`);
  if (!group.ownsSlots) {
    return refuse('owns-nothing', `The router sends no clients to group ${id}: nothing is lost by waiting.`);
  }
  if (group.replicas.length === 0) {
    return refuse('no-replica', `Group ${id} has no replica that could take over: bring the master back.`);
  }
  if (group.ofReplicas.every((sights) => sights.length > 0 && !answersAny(sights))) {
    return refuse('no-replica', `No replica of group ${id} answers: bring one of its nodes back.`);
  }
  if (mode === 'off') return refuse('mode-off', `Failover of group ${id} is off in the cluster file.`);
  if (input.maintenance) {
    return refuse('maintenance', 'An operator works on the cluster: nothing happens until maintenance ends.');
  }
  if (mode === 'propose') return { kind: 'start', approvalNeeded: true };
  if (!isInWindow(windows, input.minuteOfDay)) {
    const when = formatWindows(windows);
    return refuse(
      'outside-window',
      `Group ${id} fails over by itself only at ${when} UTC: start it by hand, or wait.`,
    );
  }
  if (group.blockedUntil > input.now) {
    const until = new Date(group.blockedUntil).toISOString();
    return refuse(
      'block-active',
      `Group ${id} failed over a short while ago and does not again before ${until}: acknowledge the last one to end the block.`,
    );
  }
  return { kind: 'start', approvalNeeded: false };
}

/** A decision to do nothing, with the reason for people. */
export function refuse(refusal: Refusal, message: string): GroupAnalysis['decision'] {
  return { kind: 'nothing', refusal, message };
}
