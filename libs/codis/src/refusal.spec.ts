import { refusal } from './refusal';
import { allRecordedCases } from './testing/recorded-cases';

const recordedCauses = [
  ...new Set(
    [...allRecordedCases('topom.'), ...allRecordedCases('auth-cluster.')]
      .map(({ body_json: body }) => (body as { Cause?: string } | undefined)?.Cause)
      .filter((cause) => cause !== undefined),
  ),
];

describe('refusal', () => {
  it.each([
    ['invalid xauth, please check product name & auth', 'xauth-refused'],
    ['topom is not online', 'not-online'],
    ['use of closed topom', 'not-online'],
    ["group-[77] doesn't exist", 'group-not-found'],
    ['group-[3] is empty', 'group-empty'],
    ['group-[3] already exists', 'group-exists'],
    ['group-[1] is promoting', 'promoting'],
    ['group-[1] is promoting index = 1', 'promoting'],
    ["group-[1] can't promote master", 'already-master'],
    ["group-[1] doesn't have server-[127.0.0.1:18999]", 'server-not-found'],
    ["slot-[1024] doesn't exist", 'slot-not-found'],
    ['slot-[600] action already exists', 'action-exists'],
    ['slot-[600] already in group-[2]', 'already-in-group'],
    ["slot-[610] action isn't pending", 'action-not-pending'],
    ["slot-[100] action doesn't exist", 'no-action'],
    ['slots-migration is running = 1', 'migration-running'],
    ['server-[127.0.0.1:18201] already exists', 'server-exists'],
    ["server-[127.0.0.1:18201] doesn't exist", 'server-not-found'],
    ['store: load group failed', 'store-failed'],
    ['proxy-[fc7f] already exists', 'proxy-exists'],
    ["proxy-[nosuchtoken] doesn't exist", 'proxy-not-found'],
    ['proxy@127.0.0.1:18199 fetch model failed', 'proxy-unreachable'],
    [
      'proxy@127.0.0.1:1 check xauth failed, [Remote Error] invalid xauth, please check product name & auth',
      'proxy-refused',
    ],
    ["ERR unknown command 'SLOTSINFO', with args beginning with: ", 'server-unfit'],
    ['ERR Client sent AUTH, but no password is set', 'server-auth'],
    ['dial tcp 127.0.0.1:18999: connect: connection refused', 'server-unreachable'],
    ['EOF', 'server-unreachable'],
    ['invalid group id = 10000, out of range', 'invalid-argument'],
    ['something nobody has seen', 'refused'],
  ])('%s is %s', (cause, code) => {
    const error = refusal(cause, 'PUT /x at h:1');
    expect(error).toMatchObject({ code, said: cause, message: `PUT /x at h:1 was refused: ${cause}` });
    expect(error.remedy).not.toBe('');
  });

  it('names the proxy that failed, and says that the rest is in force', () => {
    const error = refusal('proxy-[bb66] resync slots failed', 'PUT /x at h:1');
    expect(error).toMatchObject({ code: 'proxy-failed', proxy: 'bb66', outcomeUnknown: false });
    expect(error.remedy).toContain('is in force on the other proxies');
  });

  it('leaves open what a store failure left behind', () => {
    expect(refusal('store: update slot failed', 'PUT /x')).toMatchObject({ outcomeUnknown: true });
  });

  it('does not repeat the key of a proxy', () => {
    const error = refusal(
      'Get "http://127.0.0.1:1/api/proxy/stats/932bd9dafb01846645de7fa1107695b5": EOF',
      'GET /x',
    );
    expect(error.message).not.toContain('932bd9');
    expect(error.said).not.toContain('932bd9');
  });

  it('knows every recorded text but those of calls it never makes', () => {
    const unknown = recordedCauses.filter((cause) => refusal(cause, '').code === 'refused');
    const neverAsked =
      /sentinel|SENTINEL|force|no valid group|can't remove|isn't empty|nosuchtoken|^server-.* action/;
    expect(unknown.filter((cause) => !neverAsked.test(cause))).toEqual([]);
  });
});
