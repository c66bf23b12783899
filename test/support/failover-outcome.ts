import { type WorkflowState, type WorkflowSummary } from '@slotferry/workflow';
import { type FailoverLab } from './failover-lab';

/** Checks that exactly one failover of the group came after `earlier`, that its log is whole, and that nothing was left at the router. */
export async function expectOneFailover(
  lab: FailoverLab,
  group: number,
  earlier: readonly WorkflowSummary[],
): Promise<WorkflowState> {
  const known = new Set(earlier.map(({ id }) => id));
  const found = (await lab.failovers(group)).filter(({ id }) => !known.has(id));
  const [first, ...others] = found;
  if (!first || others.length > 0)
    throw new Error(`there were ${found.length} failovers\n${await lab.story(group)}`);
  const { engine } = lab.lab;
  expect(await engine.verify(first.id)).toBeNull();
  const state = await engine.get(first.id);
  expect(state.status).toBe('completed');
  await expectTidy(lab, group);
  const [master = ''] = await lab.servers(group);
  expect(state.facts['summary']).toMatchObject({ newMaster: lab.address(master) });
  return state;
}

/** Nothing is held, promoted or switched off at the router, every proxy is registered and sends clients to the group's master. */
export async function expectTidy(lab: FailoverLab, group: number): Promise<void> {
  const { router } = lab.lab.connections.open(lab.lab.definition);
  const view = await router.view();
  expect(view.groups.filter(({ promoting, outOfSync }) => promoting || outOfSync)).toEqual([]);
  expect(view.handovers).toMatchObject({ disabled: false, executing: 0 });
  const registered = view.proxies.map(({ admin }) => admin).sort();
  expect(registered).toEqual([...lab.lab.definition.router.proxies].sort());
  const [master = ''] = await lab.servers(group);
  const slots = view.routes.filter((route) => route.group === group);
  const refs = slots.map(({ table, slot }) => ({ table, slot }));
  expect(slots.filter(({ handover }) => handover !== null)).toEqual([]);
  if (refs.length === 0) return;
  for (const proxy of view.proxies) {
    const routes = await router.proxyRoutes(proxy, refs);
    const wanted = { backend: lab.address(master), migrateFrom: null, locked: false };
    expect(routes).toEqual(refs.map((ref) => ({ ...ref, ...wanted })));
  }
}
