import { CodisDashboard } from './codis-dashboard';
import { answerWith, replay } from './testing/answering-server';
import { recordedCase, recordedCases, type RecordedCase } from './testing/recorded-cases';

type Call = (dashboard: CodisDashboard, args: readonly string[], body: string | null) => Promise<void>;
const slot = (id: string | undefined): { table: number; slot: number } => ({ table: 0, slot: Number(id) });

/** How the client makes each recorded request: the arguments are the path segments behind the key. */
const CALLS: Readonly<Record<string, Call>> = {
  'topom.group.create': (dashboard, [group]) => dashboard.createGroup(Number(group)),
  'topom.group.add': (dashboard, [group, server = '']) => dashboard.addServer(Number(group), server),
  'topom.group.promote': (dashboard, [group, server = '']) => dashboard.promote(Number(group), server),
  'topom.group.resync': (dashboard, [group]) => dashboard.resyncGroup(Number(group)),
  'topom.proxy.create': (dashboard, [admin = '']) => dashboard.addProxy(admin),
  'topom.proxy.remove': (dashboard, [token = '']) => dashboard.removeProxy({ token }),
  'topom.slots.action.create': (dashboard, [id, group]) => dashboard.queueHandover(slot(id), Number(group)),
  'topom.slots.action.remove': (dashboard, [id]) => dashboard.withdrawHandover(slot(id)),
  'topom.slots.action.disabled': (dashboard, [value]) => dashboard.setHandoversDisabled(value !== '0'),
  'topom.slots.assign': (dashboard, _args, body) => {
    const mappings = JSON.parse(body ?? '') as { id: number; group_id: number }[];
    return dashboard.assign(
      mappings.map(({ id }) => ({ table: 0, slot: id })),
      mappings[0]?.group_id ?? 0,
    );
  },
};
/** Requests that this client cannot be made to send. */
const NEVER_SENT =
  /SURPRISE-(malformed|empty-body|json-object|wrong-typed)|action-state-in-request|with-datacenter|err-force-not-integer|err-proxy-dead-no-force|ok-live-proxy/;
const REFUSED_BY_CLIENT = /not-integer|gid-zero|out-of-range|negative/;

const cases = Object.keys(CALLS).flatMap((name) =>
  recordedCases(name)
    .filter((recorded) => !NEVER_SENT.test(recorded.case))
    .map((recorded) => [name, recorded.case, recorded] as const),
);

async function outcomeOf(name: string, recorded: RecordedCase, dashboard: CodisDashboard): Promise<unknown> {
  const [, args = ''] = /\/(?:[0-9a-f]{32}|deadbeef)\/?(.*)$/.exec(recorded.request.url) ?? [];
  const call = CALLS[name];
  return call?.(dashboard, args.split('/'), recorded.request.body).catch((error: unknown) => error);
}

describe('CodisDashboard against recorded answers', () => {
  it.each(cases)('%s: %s', async (name, _case, recorded) => {
    const server = await answerWith(replay(recorded));
    const dashboard = new CodisDashboard({
      url: server.url,
      product: 'codis-lab',
      connectTimeoutMs: 1_000,
      readTimeoutMs: 1_000,
      changeTimeoutMs: 1_000,
    });
    try {
      const outcome = await outcomeOf(name, recorded, dashboard);
      if (REFUSED_BY_CLIENT.test(recorded.case) && name !== 'topom.slots.action.disabled') {
        expect(outcome).toMatchObject({ code: 'invalid-argument' });
        expect(server.seen).toEqual([]);
        return;
      }
      const { Cause: cause } = recorded.body_json as { Cause?: string };
      if (cause === undefined) expect(outcome).toBeUndefined();
      else expect(outcome).toMatchObject({ said: cause, outcomeUnknown: false });
      if (/not-integer|bad-xauth/.test(recorded.case)) return;
      expect(server.seen.map(({ path }) => path)).toEqual([new URL(recorded.request.url).pathname]);
      if (recorded.request.body !== null) {
        const sent = JSON.parse(server.seen[0]?.body ?? '') as object[];
        expect(sent).toEqual(
          (JSON.parse(recorded.request.body) as object[]).map((one) => ({ ...one, action: {} })),
        );
      }
    } finally {
      await dashboard.close();
      await server.close();
    }
  });

  it.each([
    ['topom.model', 'ok-noauth', 'codis-lab', null],
    ['topom.model', 'ok-noauth', 'other', 'wrong-product'],
    ['topom.unknown-route', '404', 'codis-lab', 'not-codis'],
    ['proxy.slots', 'after-assign-noauth', 'codis-lab', 'not-codis'],
  ])('ping with %s %s as product %s: %s', async (name, caseName, product, code) => {
    const model = replay(recordedCase(name, caseName));
    const ok = replay(recordedCase('topom.xping', 'ok'));
    const server = await answerWith((request, response) =>
      (request.path === '/topom/model' ? model : ok)(request, response),
    );
    const limits = { connectTimeoutMs: 1_000, readTimeoutMs: 1_000, changeTimeoutMs: 1_000 };
    const dashboard = new CodisDashboard({ url: server.url, product, ...limits });
    const outcome: unknown = await dashboard.ping().catch((error: unknown) => error);
    if (code === null) {
      expect(outcome).toBeUndefined();
      expect(server.seen.map(({ path }) => path)).toEqual([
        '/topom/model',
        '/api/topom/xping/e30407b4683430939e242d85393b05a7',
      ]);
    } else expect(outcome).toMatchObject({ code });
    await dashboard.close();
    await server.close();
  });
});
