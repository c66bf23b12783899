import { rehearseSwitchover } from '@slotferry/failover';
import { ClusterRegistry, ClusterSource } from '@slotferry/inventory';
import { moveSlotDefinition } from '@slotferry/migration';
import type { TappedCommand } from '../../apps/sandbox/src/tap';
import { Load } from '../support/load';
import { slotsPerGroup, SwitchingScene } from './switching';

const operator = { actor: 'operator:test' };

describe('a switchover', () => {
  let scene: SwitchingScene;
  beforeAll(async () => {
    scene = await SwitchingScene.start();
    scene.hire('w1');
  });
  afterEach(() => scene.recover());
  afterAll(() => scene.stop());

  const rehearse = async (to: string, more: Parameters<SwitchingScene['input']>[1] = {}) => {
    const { client, connections, engine } = scene.lab;
    const clusters = new ClusterSource(new ClusterRegistry(client, 'slotferry'), connections);
    return rehearseSwitchover({ clusters, engine }, await scene.input(to, more));
  };

  it('loses nothing and lets no client see an error', async () => {
    const servers = await scene.servers();
    const { id, report } = await scene.underLoad();
    const { facts } = await scene.lab.engine.get(id);
    process.stdout.write(
      `switchover of ${slotsPerGroup} slots: held ${Number(facts.heldMs)} ms, longest stall ${report.longestStallOverallMs} ms, ${report.writes} writes\n`,
    );
    expect(Number(facts.heldMs)).toBeGreaterThan(0);
    expect(facts.lossBytes).toBe(0);
    expect(await scene.servers()).toEqual([servers[1], servers[2], servers[0]]);
  });

  it('remembers the promotion with where the new master stood', async () => {
    const { to, id } = await scene.underLoad();
    const promotion = await scene.promotion();
    expect(promotion).toMatchObject({ newMaster: scene.address(to), workflow: id });
    expect(promotion?.positions.get(0)?.size).toBe(slotsPerGroup);
  });

  it('waits for its time, and says so', async () => {
    const { replica } = await scene.pair();
    const notBefore = new Date(Date.now() + 1_500).toISOString();
    const id = await scene.switchOver(replica, { notBefore });
    expect(await scene.waited(id, 'not-before')).toContain(notBefore);
    await scene.completed(id);
    const promotion = await scene.promotion();
    expect(promotion?.at).toBeGreaterThanOrEqual(Date.parse(notBefore));
    await scene.expectInPlace(replica);
  });

  it.each([
    ['a server of another group', () => 'pika4', {}, 'not-a-replica'],
    ['a group that is not there', () => 'pika2', { group: 7 }, 'group-unknown'],
    ['a time that is none', () => 'pika2', { notBefore: 'tonight' }, 'not-before-unreadable'],
  ])('fails at once for %s', async (_, to, more, code) => {
    const id = await scene.switchOver(to(), more);
    const { problem } = await scene.lab.until(id, 'a failure', ({ status }) => status === 'failed', 10_000);
    expect(problem).toMatchObject({ code, remedy: expect.stringMatching(/\w/) as string });
    await scene.cancel(id);
  });

  it('says before what it would do, and whatever stands against it', async () => {
    const { master, replica } = await scene.pair();
    const ready = await rehearse(replica);
    expect(ready).toMatchObject({ ready: true, refusals: [] });
    expect(ready.wouldDo.join('\n')).toContain('hold requests of slots 0-23 at 2 proxies');
    const follower = scene.lab.node(replica);
    await scene.lab.connections.open(scene.lab.definition).node(scene.address(replica)).detach([5], 0);
    await scene.proxy('proxy2').apply('crash');
    const { refusals } = await rehearse(replica);
    expect(refusals.map(({ code }) => code)).toEqual(['proxies-cannot-hold', 'replica-detached']);
    expect(refusals[1]?.message).toContain(`${follower.address} follows nobody for slot 5`);
    await scene.proxy('proxy2').apply('restart');
    await scene.lab.connections
      .open(scene.lab.definition)
      .node(scene.address(replica))
      .attach({ master: scene.address(master), slots: [5] });
    await scene.expectInPlace(master);
  });

  describe('where proxies cannot be told to hold', () => {
    /** We cannot talk to the proxy, the dashboard can. */
    const cutOff = (): void => {
      const tap = ({ text }: TappedCommand): 'drop' | 'pass' =>
        text.includes('/api/proxy/xping/') ? 'drop' : 'pass';
      scene.proxy('proxy2').process.tap = tap;
    };

    it('is not begun', async () => {
      cutOff();
      const id = await scene.switchOver((await scene.pair()).replica);
      const { blocked } = await scene.blocked(id, 'proxies-cannot-hold');
      expect(blocked?.problem.remedy).toContain('acceptLoss');
      await scene.cancel(id);
    });

    it('goes on where a loss is accepted, and tells how much was lost', async () => {
      cutOff();
      const { replica } = await scene.pair();
      const load = await Load.start(scene.lab.proxies, [0, 1, 2]);
      const id = await scene.switchOver(replica, { acceptLoss: true });
      const { facts } = await scene.completed(id);
      await load.stop();
      expect(facts.unheld).toContain('proxy');
      expect(Number(facts.lossBytes)).toBeGreaterThanOrEqual(0);
      expect((await scene.pair()).master).toBe(replica);
      await scene.expectInPlace(replica);
    });
  });

  // The last one: nobody here serves moves, so that this one stays open.
  it('is not begun while a move works on the group', async () => {
    const { replica } = await scene.pair();
    const move = { cluster: 'lab', table: 0, slot: 3, from: 1, to: 2 };
    const { id: other } = await scene.lab.engine.start(moveSlotDefinition, move, operator);
    expect(await rehearse(replica)).toMatchObject({
      ready: false,
      refusals: [{ code: 'group-in-use', message: expect.stringContaining(other) as string }],
      wouldDo: [],
    });
    const id = await scene.switchOver(replica);
    await scene.blocked(id, 'group-in-use');
    await scene.cancel(id);
  });
});
