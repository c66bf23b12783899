import { type RebalanceProgress } from '@slotferry/migration';
import { draft, type DraftEvent, type WorkflowEvent } from '@slotferry/workflow';
import { tellRebalance } from './tell-rebalance';

const at = '2026-11-22T10:00:00.000Z';

function event(drafted: DraftEvent): WorkflowEvent {
  return { ...drafted, workflowId: 'rb-1', version: 1, at, actor: 'worker:a', prev: '', hash: '' };
}

function progress(moved: number): WorkflowEvent {
  const now: RebalanceProgress = {
    total: 4,
    moved,
    moving: 4 - moved,
    waiting: 0,
    stuck: 0,
    skipped: 0,
    boundBy: 'nothing-left',
    pace: 1,
    paceBecause: '',
    opensAt: null,
    ratePerSecond: null,
    etaSeconds: null,
    held: null,
  };
  return event(draft('fact-recorded', { facts: { progress: now } }));
}

const ordinary = [
  event(draft('child-started', { child: 'rb-1-s0-1', workflow: 'move-slot' })),
  event(draft('child-ended', { child: 'rb-1-s0-1', status: 'completed' })),
  event(draft('phase-waited', { phase: 'move', code: 'moving', message: 'm' })),
  event(draft('fact-recorded', { facts: { 'held 0/1': 31 } })),
];

function told(isTTY: boolean, events: readonly WorkflowEvent[], columns = 200): string {
  let text = '';
  const teller = tellRebalance({ isTTY, columns, write: (part) => (text += part) });
  for (const one of events) teller.event('', one);
  teller.end();
  return text;
}

describe('a rebalance as it is told', () => {
  it('is a line whenever numbers change, where there is no terminal', () => {
    expect(told(false, [progress(1), progress(1), ...ordinary, progress(2)])).toBe(
      '10:00:00.000  1 of 4 moved, 3 on their way\n10:00:00.000  2 of 4 moved, 2 on their way\n',
    );
  });

  it('is a bar on a terminal, with what is out of the ordinary above it', () => {
    const left = event(draft('child-ended', { child: 'rb-1-s0-1', status: 'cancelled' }));
    const [first, second, third, ...none] = told(true, [progress(1), ...ordinary, left])
      .split('\r\u001b[K')
      .slice(1);
    expect(first).toMatch(/^\[#{6}\.{18}\] {2}25% .* on their way$/);
    expect(second).toMatch(
      /^10:00:00\.000 {2}child rb-1-s0-1 cancelled\n\[#{6}\.{18}\] {2}25% .* on their way\n$/,
    );
    expect([third, ...none]).toEqual([undefined]);
  });

  it('never wraps the bar', () => {
    expect(told(true, [progress(1)], 30)).toHaveLength('\r\u001b[K'.length + 29 + '\n'.length);
  });
});
