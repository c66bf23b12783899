import { type CaseTable, after } from './dashboard-cases';
import { all, assign, done, groups, loneProxies, proxies, spread, threeGroups, twoProxies } from './states';

const lone = after(loneProxies(18101));
const online = after(proxies(18101));
const cluster = all(threeGroups, twoProxies, spread);

export const PROXY_CASES: CaseTable = {
  'proxy.fillslots': {
    'err-bad-xauth': lone,
    'err-invalid-slot-id': lone,
    'err-invalid-forward-method': lone,
    'SURPRISE-malformed-json-is-200-OK': lone,
    'ok-locked': lone,
    'ok-unlocked': lone,
  },
  'proxy.forcegc': { ok: lone },
  'proxy.loglevel': { ok: lone, 'err-invalid': lone },
  'proxy.model': { ok: lone, 'ok-api-path': lone },
  'proxy.overview': { 'before-online': lone, online },
  'proxy.sentinels': { 'ok-set-empty': lone, 'err-bad-xauth': lone },
  'proxy.sentinels.rewatch': { 'ok-none': lone },
  'proxy.shutdown': { 'err-bad-xauth': after(loneProxies(18102)) },
  'proxy.slots': {
    'before-online-noauth': lone,
    xauth: online,
    'after-assign-noauth': after(cluster),
    'with-replica-groups-noauth': after(
      groups({ 1: ['18201', '18202/dc1'], 2: ['18211'] }),
      proxies(18101),
      assign(1, [2, 511]),
      assign(2, [0, 1]),
      done('group/replica-groups/X/1/127.0.0.1:18202/1', 'group/resync/X/1'),
    ),
  },
  'proxy.start': {
    'ok-already-online': online,
    'ok-starts-accepting-without-slots': after(loneProxies(18102)),
  },
  'proxy.stats': {
    'before-online-noauth-full': lone,
    'flags-none-xauth': online,
    'flags-1-cmds': online,
    'flags-4-runtime': online,
    'flags-7': online,
    'err-flags-not-integer': lone,
    'err-bad-xauth': lone,
  },
  'proxy.stats.reset': { ok: lone },
  'proxy.xping': {
    'err-bad-xauth': lone,
    'err-dashboard-xauth-is-not-proxy-xauth': after((lab) => lab.proxy(18101)),
  },
};

/** Recorded cases that are not run, with the reason. */
export const LEFT_OUT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'topom.group.promote': {
    'ok-with-sentinels': 'The sandbox has no Redis Sentinel.',
  },
  'topom.stats': Object.fromEntries(
    [
      'sentinels-healthy',
      'sentinel-has-switched-master',
      'sentinel-out-of-sync-after-promote',
      'one-sentinel-down',
    ].map((name) => [name, 'The sandbox has no Redis Sentinel.']),
  ),
  'proxy.stats': { 'sentinels-healthy-noauth': 'The sandbox has no Redis Sentinel.' },
};

/** Recordings of a whole area that the sandbox does not have. */
export const FILES_LEFT_OUT: Readonly<Record<string, string>> = Object.fromEntries(
  ['add', 'del', 'info', 'monitored', 'resync-all'].map((verb) => [
    `topom.sentinels.${verb}`,
    'The dashboard of the sandbox has no sentinel routes.',
  ]),
);

/** Recordings without cases, and those that hold commands of clients instead of HTTP calls (they have a test of their own). */
export const NO_HTTP_CASES: readonly string[] = [
  'proxy.root.redirect',
  'topom.overview',
  'proxy.RESP-commands',
  'proxy.RESP-session-auth',
];
