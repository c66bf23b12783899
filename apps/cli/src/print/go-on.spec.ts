import { type WorkflowSummary } from '@slotferry/workflow';
import { goOn } from './go-on';

const blocked = (workflow: string, code: string): WorkflowSummary =>
  ({
    id: 'x-1',
    workflow,
    status: 'blocked',
    problem: { code, message: 'it does not work', remedy: 'Set it right.' },
    unblock: 'operator',
  }) as WorkflowSummary;
const lines = (workflow: string, code: string): string => goOn(blocked(workflow, code)).join('\n');

describe('what can be done about a blocked workflow', () => {
  it('is to set it right, to accept it, or to turn back', () => {
    expect(goOn(blocked('move-slot', 'lag-beyond-limit'))).toEqual([
      'remedy: Set it right.',
      'it can be unblocked by: operator',
      'then go on:   slotferry workflow retry x-1',
      'or accept it: slotferry workflow approve x-1 --code lag-beyond-limit',
      'or turn back: slotferry workflow cancel x-1',
    ]);
  });

  it('is not to approve a rebalance', () => {
    expect(lines('rebalance', 'too-many-failed')).not.toContain('approve');
  });

  it.each([
    ['vetoed', true, false],
    ['approval-needed', true, true],
    ['loss-above-limit', true, true],
    ['no-candidate', false, true],
    ['choice-refused', false, true],
  ])('of a failover with %s is to accept it: %s, to choose a node: %s', (code, accepts, chooses) => {
    const accept = `slotferry failover approve x-1 --code ${code}`;
    expect(lines('failover', code).includes(`or accept it: ${accept}`)).toBe(accepts);
    expect(lines('failover', code).includes(`${accept} --choose <host:port>`)).toBe(chooses);
  });
});
