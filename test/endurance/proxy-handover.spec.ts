import { setTimeout as pause } from 'node:timers/promises';
import { type TapVerdict } from '../../apps/sandbox/src/tap';
import { expectUnharmed, moveDisturbed } from '../support/disturbed-move';
import { eventually } from '../support/eventually';
import { type MigratorProcess } from '../support/migrator-process';
import { expectMoved, expectTakenBack } from '../support/outcome';
import { commands, type Moment, type Point } from '../support/points';
import { assigning, holdAt, newRouteAt } from '../support/proxy-points';
import { recordChanges } from '../support/trap';
import { useLab } from '../support/use-lab';

const commandsOfTheHold: { point: Point; moment: Moment }[] = [
  { point: holdAt('proxy1'), moment: 'received' },
  { point: holdAt('proxy1'), moment: 'executed' },
  { point: holdAt('proxy2'), moment: 'received' },
  { point: holdAt('proxy2'), moment: 'executed' },
  { point: commands.detachMaster, moment: 'received' },
  { point: commands.detachMaster, moment: 'executed' },
  { point: assigning, moment: 'received' },
  { point: assigning, moment: 'executed' },
  { point: newRouteAt('proxy1'), moment: 'received' },
  { point: newRouteAt('proxy2'), moment: 'executed' },
];
const named = (cases: readonly { point: Point; moment: Moment }[]) =>
  cases.map((one) => ({ ...one, name: one.point.name }));
/** A dashboard's own request is not lost with the worker that caused it. */
const fromDashboard = (point: Point): boolean => point.name.startsWith('the new route');

const redisAwayMs = 1_500;
const noticeLimitMs = 5_000;

/** Nobody but the workers knows of such a hold: one that is not ended by them lasts for ever. */
describe('requests held at the proxies', () => {
  const use = useLab(2, {}, { handover: 'proxies', holdBudgetMs: 500 });
  let frozen: MigratorProcess | undefined;
  afterEach(() => frozen?.kill());

  it.each(named(commandsOfTheHold))(
    'when the worker is killed at $name, $moment: another one ends the hold in time, and the move',
    async ({ point, moment }) => {
      const { lab, crew, slot } = use;
      const { id, report } = await moveDisturbed(lab, {
        slot,
        point,
        moment,
        strike: async (move): Promise<TapVerdict> => {
          await crew.killActing(move);
          return fromDashboard(point) ? 'pass' : 'drop';
        },
      });
      expectUnharmed(report);
      await expectMoved(lab, id, slot);
    },
  );

  it.each(
    named([
      { point: holdAt('proxy1'), moment: 'executed' },
      { point: holdAt('proxy2'), moment: 'received' },
      { point: commands.detachMaster, moment: 'received' },
      { point: assigning, moment: 'received' },
    ]),
  )(
    'when the worker is frozen at $name, $moment: another one ends the move, and the frozen one does nothing when it goes on',
    async ({ point, moment }) => {
      const { lab, crew, slot } = use;
      const { id, report } = await moveDisturbed(lab, {
        slot,
        point,
        moment,
        strike: async (move): Promise<TapVerdict> => {
          frozen = await crew.actingOn(move);
          frozen.freeze();
          return 'pass';
        },
      });
      expectUnharmed(report);
      await expectMoved(lab, id, slot);

      const { length } = await lab.engine.history(id);
      const changes = recordChanges(lab);
      frozen?.thaw();
      await eventually(
        'its word that it lost its lease',
        () => frozen?.log.includes('lease-lost'),
        noticeLimitMs,
      );
      expect(changes.stop()).toEqual([]);
      expect(await lab.engine.history(id)).toHaveLength(length);
    },
  );

  it.each(
    named([
      { point: holdAt('proxy1'), moment: 'executed' },
      { point: commands.detachMaster, moment: 'received' },
      { point: commands.detachMaster, moment: 'executed' },
      { point: assigning, moment: 'executed' },
    ]),
  )(
    'when Redis is killed at $name, $moment: clients are not kept waiting for it, and the move ends right',
    async ({ point, moment }) => {
      const { lab, slot } = use;
      const { id, report } = await moveDisturbed(lab, {
        slot,
        point,
        moment,
        strike: async (): Promise<TapVerdict> => {
          await lab.redis.kill();
          return 'pass';
        },
        afterwards: async () => {
          await pause(redisAwayMs);
          await lab.redis.restart();
        },
      });
      expectUnharmed(report);
      await expectMoved(lab, id, slot);
    },
  );

  it.each(
    named([
      { point: holdAt('proxy1'), moment: 'received' },
      { point: holdAt('proxy2'), moment: 'executed' },
      { point: commands.detachMaster, moment: 'received' },
    ]),
  )('when the move is cancelled at $name, $moment: leaves nothing behind', async ({ point, moment }) => {
    const { lab, slot } = use;
    const { id, report } = await moveDisturbed(lab, {
      slot,
      point,
      moment,
      strike: async (move): Promise<TapVerdict> => {
        await lab.engine.steer(move, { kind: 'cancel', reason: 'test' }, { actor: 'operator:test' });
        return 'pass';
      },
    });
    expectUnharmed(report);
    await expectTakenBack(lab, id, slot);
  });

  it.each(named([{ point: commands.detachMaster, moment: 'executed' }]))(
    'when Redis hangs at $name, $moment: what it carries out late does not mislead whoever goes on',
    async ({ point, moment }) => {
      const { lab, slot } = use;
      const { id, report } = await moveDisturbed(lab, {
        slot,
        point,
        moment,
        strike: (): TapVerdict => {
          lab.redis.freeze();
          return 'pass';
        },
        afterwards: async () => {
          await pause(redisAwayMs / 2);
          lab.redis.thaw();
        },
      });
      expectUnharmed(report);
      await expectMoved(lab, id, slot);
    },
  );

  it('when the worker and the dashboard die together: another one ends the hold without the dashboard', async () => {
    const { lab, crew, slot } = use;
    const { dashboard } = lab.sandbox;
    const { id, report } = await moveDisturbed(lab, {
      slot,
      point: commands.detachMaster,
      moment: 'received',
      strike: async (move): Promise<TapVerdict> => {
        await Promise.all([crew.killActing(move), dashboard.apply('crash')]);
        return 'drop';
      },
      afterwards: async () => {
        const position = (): number =>
          lab.node('pika1').findSlot({ table: 0, slot })?.binlog.position.offset ?? 0;
        const before = position();
        await eventually('writes at the source', () => position() > before, 3_000);
        await dashboard.apply('restart');
      },
    });
    expectUnharmed(report);
    await expectMoved(lab, id, slot);
  });

  it('when the move is cancelled as the router is told: goes on to its end', async () => {
    const { lab, slot } = use;
    const { id, report } = await moveDisturbed(lab, {
      slot,
      point: assigning,
      moment: 'received',
      strike: async (move): Promise<TapVerdict> => {
        await lab.engine.steer(move, { kind: 'cancel', reason: 'test' }, { actor: 'operator:test' });
        return 'pass';
      },
    });
    expectUnharmed(report);
    await expectMoved(lab, id, slot);
  });
});
