import { toy } from '../test/toy-workflow';
import { done } from './outcome';
import type { Phase } from './phase';
import { PhaseRegistry } from './phase-registry';

const handler = (name: string, workflow = 'toy'): Phase => ({ workflow, name, run: async () => done() });
const all = toy.phases.map((name) => handler(name));

describe('PhaseRegistry', () => {
  it('knows definitions, handlers and queues', () => {
    const registry = new PhaseRegistry([toy], all);
    expect(registry.queues).toEqual(['toys']);
    expect(registry.handles('toy')).toBe(true);
    expect(registry.handles('other')).toBe(false);
    expect(registry.phase('toy', 'beta')).toBe(all[1]);
  });

  it.each([
    ['a missing handler', [toy], all.slice(1), 'has no handler for: alpha'],
    ['two handlers', [toy], [...all, handler('beta')], 'toy/beta has two handlers'],
    ['a stray handler', [toy], [...all, handler('delta')], 'toy/delta belongs to no defined workflow'],
    ['a handler of an unknown workflow', [toy], [...all, handler('alpha', 'x')], 'x/alpha belongs to no'],
    ['a double definition', [toy, toy], all, 'toy is defined twice'],
  ])('refuses %s', (_, definitions, phases, message) => {
    expect(() => new PhaseRegistry(definitions, phases)).toThrow(message);
  });
});
