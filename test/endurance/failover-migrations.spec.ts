import { type TapVerdict } from '../../apps/sandbox/src/tap';
import { ClusterRegistry } from '@slotferry/inventory';
import { moveSlotDefinition } from '@slotferry/migration';
import { Crew } from '../support/crew';
import { FailoverLab } from '../support/failover-lab';
import { expectOneFailover, expectTidy } from '../support/failover-outcome';
import { holdingSeen, type Moment, type Point } from '../support/points';
import { holdAt } from '../support/proxy-points';
import { setTrap } from '../support/trap';

interface Case {
  readonly when: string;
  readonly moment: Moment;
  readonly hold: 'auto' | 'dashboard';
  readonly point: (source: string, target: string) => Point;
}

const at = (server: string, ...words: readonly string[]): Point => ({
  name: words.join(' '),
  server,
  is: ({ text }, slot) => words.every((word) => text.includes(word)) && text.endsWith(` ${slot}`),
});

const attaching = (_: string, target: string): Point => at(target, 'slotsslaveof 127');
const detaching = (_: string, target: string): Point => at(target, 'slotsslaveof no one');

const cases: readonly Case[] = [
  { when: 'while the slot is copied', moment: 'executed', hold: 'auto', point: attaching },
  {
    when: 'while proxies hold its requests',
    moment: 'executed',
    hold: 'auto',
    point: () => holdAt('proxy2'),
  },
  {
    when: 'while the router holds its requests',
    moment: 'executed',
    hold: 'dashboard',
    point: () => holdingSeen,
  },
  { when: 'as the target takes over', moment: 'received', hold: 'auto', point: detaching },
];

/** All copies are level in the moment of the death, so that nothing may be lost at all. Every case has two groups of its own. */
describe('a slot on its way when a master dies', () => {
  let lab: FailoverLab;
  let crew: Crew;
  let from = -1;
  beforeAll(async () => {
    const groups = 4 * cases.length;
    lab = await FailoverLab.start({ workers: 2, groups, replicas: 1, slots: 2 * groups });
    crew = await Crew.start(lab.lab, 1);
    await lab.settled();
  }, 60_000);
  beforeEach(() => void (from += 2));
  afterAll(async () => {
    await crew.stop();
    await lab.stop();
  });

  const dies = async ({ moment, hold, point }: Case, side: 'source' | 'target'): Promise<void> => {
    const { lab: cluster } = lab;
    const { definition } = cluster;
    const migration = { ...definition.migration, handover: hold };
    await new ClusterRegistry(cluster.client, 'slotferry').save(
      { ...definition, migration },
      'operator:test',
    );
    const to = from + 1;
    const [group, other] = side === 'source' ? [from, to] : [to, from];
    const [[source = ''], [target = '']] = await Promise.all([lab.servers(from), lab.servers(to)]);
    const [master = '', ...replicas] = await lab.servers(group);
    const [slot = -1] = lab.slotsOf(from);
    const load = await lab.write([...lab.slotsOf(from), ...lab.slotsOf(to)]);
    let died = Infinity;
    const trap = setTrap(cluster, slot, point(source, target), moment, async (): Promise<TapVerdict> => {
      await load.rest();
      await lab.level(group, replicas);
      died = performance.now();
      await lab.node(master).crash();
      load.goOn();
      return 'pass';
    });
    const input = { cluster: 'lab', table: 0, slot, from, to };
    const { id } = await cluster.engine.start(moveSlotDefinition, input, { actor: 'operator:test' });
    await trap.sprung;
    const failover = await lab.replaced(group);
    expect(failover.facts['parked']).toEqual([id]);
    expect((await cluster.untilEnded(id, 20_000)).status).toBe('completed');
    await load.served(died);
    expect(await load.stop()).toEqual([]);
    expect(await lab.owned(to)).toContain(slot);
    expect(await cluster.engine.verify(id)).toBeNull();
    await expectOneFailover(lab, group, []);
    await expectTidy(lab, other);
  };

  describe.each(cases)('$when', (one) => {
    it('comes to its end after its source was replaced', () => dies(one, 'source'), 60_000);
    it('comes to its end after its target was replaced', () => dies(one, 'target'), 60_000);
  });
});
