import { recordedBody, recordedCase, recordedCases } from '../testing/recorded-cases';
import { CodisError } from '../codis.errors';
import { readStats, readView } from './stats';

const stats = (caseName: string): unknown => JSON.parse(recordedBody(recordedCase('topom.stats', caseName)));
const view = (caseName: string): ReturnType<typeof readStats> => readStats(stats(caseName), 'codis-lab');
type Loose = Record<string, never> & { slots: Record<string, unknown>[] };

describe('readStats', () => {
  const recorded = recordedCases('topom.stats').filter(({ status_line: line }) => line.includes('200'));

  it.each(recorded.map((one) => one.case))('understands the recorded answer %s', (name) => {
    const { routes } = view(name);
    expect(routes.map(({ slot }) => slot)).toEqual(Array.from({ length: 1024 }, (_, slot) => slot));
  });

  it('shows slots without a group as offline', () => {
    expect(view('noauth-empty-cluster').routes[5]).toEqual({
      table: 0,
      slot: 5,
      group: null,
      handover: null,
    });
  });

  it('shows where handovers stand', () => {
    expect(view('slot-migrating').routes[0]).toEqual({
      table: 0,
      slot: 0,
      group: 1,
      handover: { state: 'queued', target: 2 },
    });
  });

  it.each([
    ['pending', 'queued'],
    ['preparing', 'locking'],
    ['prepared', 'locking'],
    ['migrating', 'holding'],
    ['finished', 'finishing'],
  ])('calls a slot that Codis calls %s %s', (state, called) => {
    const changed = stats('two-proxies-two-groups') as Loose;
    Object.assign(changed.slots[5] ?? {}, { group_id: 1, action: { index: 1, state, target_id: 2 } });
    expect(readStats(changed, 'p').routes[5]?.handover).toEqual({ state: called, target: 2 });
  });

  it('shows groups in the order of their servers, whether they are promoting or out of sync', () => {
    expect(view('group-1-promoting-state-preparing').groups[0]).toEqual({
      id: 1,
      servers: ['127.0.0.1:18202', '127.0.0.1:18201', '127.0.0.1:18221'],
      promoting: true,
      outOfSync: true,
    });
  });

  it('says what is wrong with a proxy, without its key', () => {
    expect(view('two-proxies-two-groups').proxies.map(({ problem }) => problem)).toEqual([null, null]);
    expect(view('proxy-2-dead-error-in-proxy-stats').proxies[1]?.problem).toBe(
      'Get "http://127.0.0.1:18102/api/proxy/stats/***": dial tcp 127.0.0.1:18102: connect: connection refused',
    );
    expect(view('proxy-2-hung-timeout-in-proxy-stats').proxies[1]?.problem).toContain('did not answer');
  });

  it('tells a proxy that is new, offline or closing', () => {
    const problemOf = (look: unknown): string | null | undefined => {
      const changed = stats('two-proxies-two-groups') as { proxy: { stats: Record<string, unknown> } };
      changed.proxy.stats = { bb6698ebec90f74b5a62900b27351a67: look };
      return readStats(JSON.parse(JSON.stringify(changed)), 'p').proxies[1]?.problem;
    };
    expect(problemOf(undefined)).toContain('not looked at it yet');
    expect(problemOf({ stats: { online: false, closed: false } })).toBe('it is not online');
    expect(problemOf({ stats: { online: true, closed: true } })).toBe('it is shutting down');
  });

  it('shows what the dashboard does about handovers', () => {
    expect(view('slot-migrating-and-actions-disabled').handovers).toMatchObject({ disabled: true });
    expect(view('slot-migration-target-hung').handovers.status).toContain('[ERROR] Slot[');
  });

  it.each<[string, (stats: Loose) => void]>([
    ['stats.slots[5].id should be', (s) => void Object.assign(s.slots[5] ?? {}, { id: '5' })],
    [
      'stats.slots[5].group_id should be a whole number',
      (s) => void Object.assign(s.slots[5] ?? {}, { group_id: -1 }),
    ],
    [
      'stats.slots[5].action.state should be',
      (s) => void Object.assign(s.slots[5] ?? {}, { action: { state: 'x' } }),
    ],
    ['each slot from 0 to 1023 once', (s) => void s.slots.pop()],
    ['each slot from 0 to 1023 once', (s) => void Object.assign(s.slots[5] ?? {}, { id: 6 })],
    ['stats.group should be an object but is missing', (s) => void Reflect.deleteProperty(s, 'group')],
    [
      'stats.slot_action should be an object but is null',
      (s) => void Object.assign(s, { slot_action: null }),
    ],
  ])('refuses an answer where %s', (message, change) => {
    const changed = stats('two-proxies-two-groups') as Loose;
    change(changed);
    expect(() => readStats(changed, 'p')).toThrow(message);
  });
});

describe('readView', () => {
  const recorded = recordedCases('topom.stats').filter(({ status_line: line }) => line.includes('200'));

  it.each(recorded.map((one) => [one.case, one] as const))(
    'shows what a full parse shows: %s',
    (_name, one) => {
      const text = recordedBody(one);
      expect({ ...readView(text, 'codis-lab', 'it') }).toEqual(readStats(JSON.parse(text), 'codis-lab'));
    },
  );

  it('parses all of a text that is laid out in another way', () => {
    const { slots, ...rest } = stats('two-proxies-two-groups') as Loose;
    const text = JSON.stringify({ ...rest, slots });
    expect({ ...readView(text, 'codis-lab', 'it') }).toEqual(view('two-proxies-two-groups'));
  });

  it('refuses slots that are not what they should be when they are asked for', () => {
    const changed = stats('two-proxies-two-groups') as Loose;
    changed.slots.pop();
    const read = readView(JSON.stringify(changed), 'p', 'GET /stats');
    expect(read.groups).toHaveLength(2);
    expect(() => read.routes).toThrow(CodisError);
    expect(() => read.routes).toThrow('each slot from 0 to 1023 once');
  });
});
