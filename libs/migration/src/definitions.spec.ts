import { ClusterConnections, ClusterRegistry } from '@slotferry/inventory';
import { Redactor } from '@slotferry/platform';
import { decideStart, limitsOf, PhaseRegistry } from '@slotferry/workflow';
import { Redis } from 'ioredis';
import { ClusterSource } from '@slotferry/inventory';
import {
  bootstrapDefinition,
  defaultRebalanceLimits,
  migrationDefinitions,
  migrationQueue,
  rebalanceQueue,
  moveSlotDefinition,
  rebalanceDefinition,
} from './index';
import { migrationPhases } from './phases';

const move = { cluster: 'lab', table: 0, slot: 5, from: 1, to: 3 };

describe('the workflows of a migrator', () => {
  it('have one handler for every phase, and none to spare', () => {
    const redis = new Redis({ lazyConnect: true });
    const source = new ClusterSource(
      new ClusterRegistry(redis, 'spec'),
      new ClusterConnections(new Redactor()),
    );
    const registry = new PhaseRegistry(migrationDefinitions, migrationPhases(source));
    expect(registry.queues).toEqual([migrationQueue, rebalanceQueue]);
    expect(registry.handles('move-slot') && registry.handles('bootstrap')).toBe(true);
    redis.disconnect();
  });

  it('give a move its slot alone', () => {
    const [started] = decideStart(moveSlotDefinition, move);
    expect(started?.data).toMatchObject({
      title: 'slot 5 from group 1 to group 3',
      scope: 'lab',
      resources: ['slot:lab:0:5'],
    });
    expect(moveSlotDefinition.title({ ...move, table: 2 })).toBe('slot 5 of table 2 from group 1 to group 3');
    expect(moveSlotDefinition.resources({ ...move, table: 2 })).not.toEqual(
      moveSlotDefinition.resources(move),
    );
  });

  it('name the groups they work on', () => {
    expect(decideStart(moveSlotDefinition, { ...move, from: 3, to: 1 })[0]?.data).toMatchObject({
      touches: ['group:lab:1', 'group:lab:3'],
    });
    const moves = [
      { table: 0, from: 1, to: 3, slots: '0-4' },
      { table: 0, from: 2, to: 3, slots: '8' },
    ];
    const input = { cluster: 'lab', plan: 'pl-1', hash: 'h', moves, limits: defaultRebalanceLimits };
    expect(decideStart(rebalanceDefinition, input)[0]?.data).toMatchObject({
      touches: ['group:lab:1', 'group:lab:2', 'group:lab:3'],
    });
    expect(decideStart(bootstrapDefinition, { cluster: 'lab' })[0]?.data).not.toHaveProperty('touches.0');
  });

  it('give a cluster one bootstrap at a time', () => {
    expect(bootstrapDefinition.resources({ cluster: 'lab' })).toEqual(['bootstrap:lab']);
    expect(bootstrapDefinition.title({ cluster: 'lab' })).toBe('bootstrap of cluster lab');
  });

  it('try the handover again soon, and the clean-up for long', () => {
    const limits = (phase: string) => limitsOf(moveSlotDefinition, phase);
    expect(limits('handover')).toMatchObject({ backoffMs: 200, maxAttempts: 20 });
    expect(limits('clean-up').maxAttempts).toBe(1_000);
    expect(limits('create-slots').deadlineMs).toBe(1_800_000);
  });
});
