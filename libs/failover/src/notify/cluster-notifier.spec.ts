import { type ClusterDefinition, DEFAULT_FAILOVER } from '@slotferry/cluster';
import { ClusterNotFound, type OpenCluster } from '@slotferry/inventory';
import { ClusterNotifier } from './cluster-notifier';
import type { FailoverNews } from './news';

const news: FailoverNews = {
  event: 'finding',
  cluster: 'lab',
  group: 1,
  workflow: null,
  at: 1,
  code: 'proxy-removed',
  message: 'a proxy has not come back',
  details: {},
};

/** A cluster whose one hook runs `script` when it is asked, and another one when it is told. */
function clusterWith(script: string): OpenCluster {
  const commands = (['before', 'after'] as const).map((when) => ({
    run: ['/bin/sh', '-c', script] as const,
    when,
  }));
  const failover = { ...DEFAULT_FAILOVER, notify: { ...DEFAULT_FAILOVER.notify, commands } };
  return { definition: { failover } as unknown as ClusterDefinition } as OpenCluster;
}

it('goes by the cluster file as it is at that moment', async () => {
  let script = 'exit 0';
  const notifier = new ClusterNotifier({ open: () => Promise.resolve(clusterWith(script)) });
  expect((await notifier.before(news)).veto).toBeNull();
  script = 'echo not today; exit 10';
  expect((await notifier.before(news)).veto).toBe('command 1 (sh): not today');
  expect(await notifier.after(news)).toMatchObject([{ hook: 'command 2 (sh)', ok: true }]);
});

it('says so when it does not know whom to tell, and vetoes nothing', async () => {
  const notifier = new ClusterNotifier({ open: () => Promise.reject(new ClusterNotFound('lab', [])) });
  const missing = { hook: 'all of lab', ok: false, answer: expect.stringContaining('not sent: '), tries: 0 };
  expect(await notifier.before(news)).toMatchObject({ veto: null, deliveries: [missing] });
  expect(await notifier.after(news)).toMatchObject([missing]);
});
