import { CodisError, type CodisErrorCode } from './codis.errors';

/** Error texts of Codis 3.2, from the most to the least telling. A group in the pattern names the proxy to blame. */
const TEXTS: readonly (readonly [RegExp, CodisErrorCode])[] = [
  [/^invalid xauth/, 'xauth-refused'],
  [/^(?:topom is not online|use of closed (?:topom|proxy|router))/, 'not-online'],
  [/^store: /, 'store-failed'],
  [/^group-\[-?\d+\] doesn't exist/, 'group-not-found'],
  [/^group-\[-?\d+\] is empty/, 'group-empty'],
  [/^group-\[-?\d+\] already exists/, 'group-exists'],
  [/^group-\[-?\d+\] is promoting/, 'promoting'],
  [/^group-\[-?\d+\] can't promote master/, 'already-master'],
  [/^group-\[-?\d+\] doesn't have server/, 'server-not-found'],
  [/^slot-\[-?\d+\] doesn't exist/, 'slot-not-found'],
  [/^slot-\[-?\d+\] action already exists/, 'action-exists'],
  [/^slot-\[-?\d+\] already in group/, 'already-in-group'],
  [/^slot-\[-?\d+\] action isn't pending/, 'action-not-pending'],
  [/^slot-\[-?\d+\] action doesn't exist/, 'no-action'],
  [/^slots-migration is running/, 'migration-running'],
  [/^server-\[.*\] already exists/, 'server-exists'],
  [/^server-\[.*\] doesn't exist/, 'server-not-found'],
  [/^proxy-\[(.*?)\] already exists/, 'proxy-exists'],
  [/^proxy-\[(.*?)\] doesn't exist/, 'proxy-not-found'],
  [/^proxy-\[(.*?)\] .*failed/, 'proxy-failed'],
  [/^proxy@(\S+) fetch model failed/, 'proxy-unreachable'],
  [/^proxy@(\S+) check xauth failed/, 'proxy-refused'],
  [/^ERR unknown command/, 'server-unfit'],
  [/^(?:ERR Client sent AUTH|NOAUTH|ERR invalid password|WRONGPASS)/, 'server-auth'],
  [/^(?:dial tcp|read tcp|write tcp|EOF$|i\/o timeout)/, 'server-unreachable'],
  [/^(?:invalid |use of invalid |group of slot-)/, 'invalid-argument'],
];

/** The typed error for the `Cause` of an answer with status 800. `asked` reads like `PUT slots/assign at 10.0.0.1:18080`. */
export function refusal(cause: string, asked: string): CodisError {
  const said = withoutKeys(cause);
  const [code, proxy] = classify(cause);
  return new CodisError({
    code,
    message: `${asked} was refused: ${said}`,
    said,
    ...(proxy === undefined ? {} : { proxy }),
    // A store failure can come after other parts of the same change were stored.
    outcomeUnknown: code === 'store-failed',
  });
}

/** Codis quotes URLs of proxies that contain their keys. */
export function withoutKeys(text: string): string {
  return text.replace(/\/[0-9a-f]{32}(?![0-9a-f])/g, '/***');
}

function classify(cause: string): readonly [CodisErrorCode, string?] {
  for (const [pattern, code] of TEXTS) {
    const match = pattern.exec(cause);
    if (match !== null) return match[1] === undefined ? [code] : [code, match[1]];
  }
  return ['refused'];
}
