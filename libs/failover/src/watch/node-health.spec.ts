import { NodeHealth } from './node-health';

describe('what a worker knows of a node', () => {
  let health: NodeHealth;
  beforeEach(() => {
    health = new NodeHealth();
  });

  it('is nothing at first, and no vote', () => {
    expect(health.vote('a:1', 0)).toBeNull();
  });

  it('is slow when its answers are late, or those to data commands alone', () => {
    health.answered(400, 250);
    expect(health.condition).toBe('slow');
    health.answered(3, 250);
    expect(health.condition).toBe('answering');
    health.dataCommand(true);
    expect(health.vote('a:1', 9_000)).toEqual({
      node: 'a:1',
      condition: 'slow',
      silentMs: 0,
      startedAt: null,
    });
  });

  it('counts a silence from its beginning, whatever it looks like later', () => {
    health.silent('hanging', 1_000);
    health.silent('refused', 3_000);
    expect(health.vote('a:1', 5_000)).toMatchObject({ condition: 'refused', silentMs: 4_000 });
    health.answered(1, 250);
    expect(health.silentMs(6_000)).toBe(0);
    health.silent('unreachable', 7_000);
    expect(health.silentMs(7_500)).toBe(500);
  });

  it('knows another process by its start or its id, and not by an uptime in whole seconds', () => {
    expect(health.runs(100_000, 7)).toBe(false);
    expect(health.runs(100_999, 7)).toBe(false);
    expect(health.startedAt).toBe(100_000);
    expect(health.runs(104_000, 7)).toBe(true);
    expect(health.startedAt).toBe(104_000);
    expect(health.runs(104_000, 8)).toBe(true);
  });
});
