import type { CanHold } from '@slotferry/cluster';
import type { JsonObject } from '@slotferry/workflow';
import type { Cast, MoveContext } from '../cast';
import { chooseWay, HoldAbilities } from './choose-way';

type Setting = 'auto' | 'proxies' | 'dashboard';

const able: CanHold = { able: true };
const unable: CanHold = { able: false, why: 'proxy 10.0.0.7:11080 refuses our key' };
const unasked = null;
const guard = { name: 'hold', armedAt: 0, expiresInMs: 1_000 };

/** A move as far as the choice looks at it. `answer`: what the proxies say; null when they must not be asked. */
function choose(
  handover: Setting,
  answer: CanHold | null,
  { facts = {}, guarded = false }: { facts?: JsonObject; guarded?: boolean } = {},
): ReturnType<typeof chooseWay> {
  const state = { guard: guarded ? guard : null };
  const context = { facts, state, input: { cluster: 'lab' } } as unknown as MoveContext;
  const canHold = (): Promise<CanHold> =>
    answer ? Promise.resolve(answer) : Promise.reject(new Error('the proxies were asked'));
  const cluster = { definition: { migration: { handover } }, router: { canHold } };
  return chooseWay(context, { cluster } as unknown as Cast, new HoldAbilities());
}

describe('which way a slot is handed over', () => {
  it.each<[Setting, CanHold | null, string]>([
    ['dashboard', unasked, 'dashboard'],
    ['proxies', able, 'proxies'],
    ['auto', able, 'proxies'],
    ['auto', unable, 'dashboard'],
  ])('with %s, proxies answering %j: %s', async (setting, answer, way) => {
    expect(await choose(setting, answer)).toBe(way);
  });

  it('waits and says why when the proxies are to hold and cannot', async () => {
    expect(await choose('proxies', unable)).toMatchObject({
      kind: 'wait',
      code: 'proxies-cannot-hold',
      message: 'proxy 10.0.0.7:11080 refuses our key',
    });
  });

  it.each([{ heldAtProxies: true }, { assigning: true }])(
    'stays with the proxies once they were told, whatever the settings are by then (%j)',
    async (facts) => {
      expect(await choose('dashboard', unasked, { facts, guarded: true })).toBe('proxies');
    },
  );

  it('takes a yes of the proxies for good for a moment, and a no never, as long as the cluster is opened the same way', async () => {
    const abilities = new HoldAbilities();
    const answers = [unable, able, unable];
    const canHold = (): Promise<CanHold> => Promise.resolve(answers.shift() ?? unable);
    const router = { canHold };
    const asked = [1, 2, 3].map(() => () => abilities.ask(router));
    const said: boolean[] = [];
    for (const ask of asked) said.push((await ask()).able);
    expect(said).toEqual([false, true, true]);
    expect((await abilities.ask({ canHold })).able).toBe(false);
  });

  it('stays with the dashboard while a hold of its own is guarded', async () => {
    expect(await choose('proxies', unasked, { guarded: true })).toBe('dashboard');
  });
});
