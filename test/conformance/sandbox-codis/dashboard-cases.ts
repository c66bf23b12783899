import { type LabOptions } from './codis-lab';
import {
  type Prepare,
  all,
  answers,
  assign,
  deadNode,
  deadProxy,
  disabled,
  done,
  executorBusy,
  fakeProxy,
  frozenNode,
  groups,
  loneProxies,
  nodes,
  proxies,
  refused,
  repointable,
  slotIs,
  slow,
  spread,
  threeGroups,
  twoProxies,
} from './states';

/** How a recorded case is run: the state it needs, and what its lab is like. */
export interface CaseSetup {
  readonly before?: Prepare;
  readonly lab?: LabOptions;
}

export type CaseTable = Readonly<Record<string, Readonly<Record<string, CaseSetup>>>>;

export const nothing: CaseSetup = {};
export const after = (...steps: readonly Prepare[]): CaseSetup => ({ before: all(...steps) });

/** The loops make one round and then rest, so that what is queued stays queued. */
const idle: LabOptions = { timings: { idleMs: 60_000 } };

const cluster = all(threeGroups, twoProxies, spread);
const openPromotion = all(
  groups({ 1: ['18202', '18201', '18221'], 2: ['18211'], 3: [] }),
  twoProxies,
  spread,
  deadProxy(18102),
  refused('group/promote/X/1/127.0.0.1:18201'),
);
const migrating700 = all(
  groups({ 1: ['18221'], 2: ['18211'] }),
  twoProxies,
  spread,
  answers(18211, 5),
  done('slots/action/create/X/700/1'),
  slotIs(700, 'migrating'),
);
const pending = (...paths: string[]): Prepare =>
  all(disabled, done(...paths.map((path) => `slots/action/${path}`)));
const preparing610 = all(deadProxy(18102), done('slots/action/create/X/610/1'), slotIs(610, 'preparing'));
const prepared711 = all(
  groups({ 1: ['18221'], 2: ['18211'] }),
  fakeProxy('fails to unlock'),
  spread,
  done('slots/action/create/X/711/1'),
  slotIs(711, 'prepared'),
);

export const GROUP_CASES: CaseTable = {
  'topom.group.action.create': {
    'ok-server-without-config-file': after(groups({ 1: ['18201', '18272'] })),
    'err-already-exists': {
      lab: idle,
      before: all(groups({ 1: ['18201', '18202'] }), done('group/action/create/X/127.0.0.1:18202')),
    },
    'ok-old-master': after(groups({ 1: ['18202', '18201'] })),
  },
  'topom.group.action.remove': {
    'err-no-action': after(threeGroups),
    'ok-removes-synced-state': after(
      threeGroups,
      repointable(18202, 'well'),
      done('group/action/create/X/127.0.0.1:18202'),
    ),
  },
  'topom.group.add': {
    'err-plain-redis-no-SLOTSINFO': after(groups({ 1: [] })),
    'err-connection-refused': after(groups({ 1: [] })),
    'err-unknown-group': after(nodes(18201)),
    ok: after(groups({ 1: [] }), nodes(18201)),
    'ok-with-datacenter': after(groups({ 1: ['18201'] }), nodes(18202)),
    'err-server-already-exists': after(groups({ 1: ['18201'], 2: [] })),
    'ok-g2': after(groups({ 2: [] }), nodes(18211)),
    'ok-g1-third': after(groups({ 1: ['18201', '18202'] }), nodes(18272)),
    'ok-g3': after(groups({ 3: [] }), nodes(18221)),
    'ok-third-server': after(groups({ 1: ['18201', '18202'] }), nodes(18221)),
    'err-connection-refused-is-checked-before-promoting': after(openPromotion),
    'err-group-is-promoting': after(openPromotion, nodes(18262)),
    'ok-g4-127.0.0.1:18262': after(groups({ 4: [] }), nodes(18262)),
    'ok-g4-127.0.0.1:18272': after(groups({ 4: ['18262'] }), nodes(18272)),
  },
  'topom.group.create': {
    'err-gid-not-integer': nothing,
    'err-gid-zero': nothing,
    'err-gid-out-of-range': nothing,
    'err-bad-xauth': nothing,
    ok: nothing,
    'ok-2': after(groups({ 1: [] })),
    'ok-3-empty': after(groups({ 1: [], 2: [] })),
    'ok-4': after(threeGroups),
  },
  'topom.group.del': {
    'err-master-in-use': after(groups({ 1: ['18202', '18201'] }), assign(1, [0, 1])),
    'ok-last-server-not-in-use': after(groups({ 3: ['18221'] })),
    'err-group-is-promoting': after(openPromotion),
  },
  'topom.group.info': { ok: after(nodes(18201)) },
  'topom.group.promote': {
    'err-bad-xauth': nothing,
    'err-unknown-group': after(nodes(18202)),
    'err-is-already-master': after(threeGroups),
    'err-slots-migration-running': after(
      cluster,
      frozenNode(18211),
      done('slots/action/create/X/600/1'),
      executorBusy,
    ),
    ok: after(cluster),
    'SURPRISE-dead-server-is-promoted-200-OK': after(
      groups({ 1: ['18201', '18272'], 2: ['18211'] }),
      twoProxies,
      spread,
      deadNode(18272),
    ),
    'err-a-proxy-is-dead-rolled-back-to-preparing': after(
      groups({ 1: ['18202', '18201'], 2: ['18211'] }),
      twoProxies,
      spread,
      deadProxy(18102),
    ),
    'err-group-is-promoting-other-index': after(openPromotion),
    'ok-retry-after-proxy-is-back': after(openPromotion, async (lab) => (await lab.proxy(18102)).restart()),
  },
  'topom.group.remove': {
    'err-unknown-group': nothing,
    'err-not-empty': after(threeGroups),
    ok: after(threeGroups),
    'err-removed': after(threeGroups, done('group/remove/X/3')),
  },
  'topom.group.replica-groups-all': {
    'ok-enable': after(cluster),
    'err-value-not-integer': after(threeGroups),
    'err-group-is-promoting': after(openPromotion),
  },
  'topom.group.replica-groups': {
    'err-unknown-server': after(threeGroups),
    'err-value-not-integer': after(threeGroups),
    'ok-enable': after(threeGroups),
    'err-group-is-promoting': after(openPromotion),
  },
  'topom.group.resync-all': {
    ok: after(cluster),
    'ok-after-replica-groups-all': after(cluster, done('group/replica-groups-all/X/1')),
    'ok-before-sentinels': after(cluster),
  },
  'topom.group.resync': {
    'err-unknown-group': after(cluster),
    'ok-after-replica-groups': after(cluster, done('group/replica-groups/X/1/127.0.0.1:18202/1')),
  },
};

export const SLOT_CASES: CaseTable = {
  'topom.slots.action.create-range': {
    'err-invalid-range': after(cluster),
    'err-range-beyond-1023': after(cluster),
    'err-range-contains-existing-action': after(cluster, pending('create/X/600/1')),
    'err-range-contains-slot-already-in-group': after(cluster, disabled),
    ok: after(cluster, disabled),
  },
  'topom.slots.action.create-some': {
    'err-unknown-dst-group': after(cluster),
    'err-empty-dst-group': after(cluster),
    ok: after(cluster, disabled),
    'SURPRISE-unknown-src-group-is-OK': after(cluster, disabled),
  },
  'topom.slots.action.create': {
    'err-unknown-group': after(cluster),
    'err-empty-group': after(cluster),
    'err-slot-out-of-range': after(cluster),
    'err-already-in-group': after(cluster),
    'err-bad-xauth': nothing,
    'err-sid-not-integer': nothing,
    ok: after(cluster, disabled),
    'err-action-already-exists': after(cluster, pending('create/X/600/1')),
    'ok-2': after(cluster, pending('create/X/600/1')),
    'ok-while-a-proxy-is-dead': after(cluster, deadProxy(18102)),
    'ok-sync-method': { lab: { migrationMethod: 'sync' }, before: all(cluster, disabled) },
  },
  'topom.slots.action.disabled': {
    'ok-disable': nothing,
    'err-not-integer': nothing,
    'ok-disable-again': after(disabled),
    'ok-enable-again': after(disabled),
    'ok-disable-while-migrating': after(migrating700),
  },
  'topom.slots.action.interval': {
    ok: nothing,
    'ok-clamped-to-1000000': nothing,
    'err-not-integer': nothing,
    'ok-negative-clamped-to-0': nothing,
    'ok-1s': nothing,
  },
  'topom.slots.action.remove': {
    'err-no-action': after(cluster),
    'err-slot-out-of-range': after(cluster),
    'ok-pending': after(cluster, pending('create/X/604/1')),
    'err-not-pending-preparing': after(cluster, preparing610),
    'err-not-pending-migrating': after(migrating700),
    'err-not-pending-prepared': after(prepared711),
  },
  'topom.slots.assign-offline': { 'err-group-id-not-zero': after(cluster), ok: after(cluster) },
  'topom.slots.assign': {
    'err-bad-xauth': nothing,
    'err-unknown-group': after(threeGroups),
    'err-slot-out-of-range': after(threeGroups),
    'err-slot-negative': after(threeGroups),
    'err-group-is-empty': after(threeGroups),
    'err-action-state-in-request': after(threeGroups),
    'SURPRISE-malformed-json-is-200-OK': after(threeGroups),
    'SURPRISE-empty-body-is-200-OK': after(threeGroups),
    'SURPRISE-json-object-instead-of-array': after(threeGroups),
    'SURPRISE-wrong-typed-id-decodes-to-slot-0': after(threeGroups),
    'ok-range-512-999-to-g2': after(threeGroups, twoProxies),
    'ok-single': after(threeGroups, twoProxies),
    'SURPRISE-overwrites-a-pending-action': after(cluster, pending('create/X/603/1')),
    'err-a-proxy-is-dead': after(cluster, deadProxy(18102)),
    'ok-640-649-to-g4': after(cluster, groups({ 4: ['18262'] })),
    'SURPRISE-overwrites-a-MIGRATING-slot-keys-split': after(migrating700, slow),
  },
  'topom.slots.rebalance': rebalanceCases(),
};

export const PROXY_OF_DASHBOARD_CASES: CaseTable = {
  'topom.proxy.create': {
    'err-connection-refused': nothing,
    ok: after(loneProxies(18101)),
    'err-already-exists': after(proxies(18101)),
  },
  'topom.proxy.online': { 'ok-again': after(twoProxies), 'err-connection-refused': nothing },
  'topom.proxy.reinit': {
    ok: after(twoProxies),
    'err-unknown-token': after(twoProxies),
    'err-proxy-dead': after(twoProxies, deadProxy(18102)),
  },
  'topom.proxy.remove': {
    'err-force-not-integer': after(twoProxies),
    'err-proxy-dead-no-force': after(twoProxies, deadProxy(18102)),
    'ok-proxy-dead-force': after(twoProxies, deadProxy(18102)),
    'ok-live-proxy-is-shut-down': after(twoProxies),
  },
};

/** Slots 0 and 1 and most of 512-999 in group 2, 519 slots in group 1, 24 offline. */
function rebalanceCases(): Readonly<Record<string, CaseSetup>> {
  const grown = [600, 601, 602, 605, 606, 607, 610, 611, 620].map((id) => [id, id] as const);
  const uneven = all(
    groups({ 1: ['18201', '18221', '18202'], 2: ['18211'], 4: [] }),
    assign(1, [2, 511]),
    assign(2, [0, 1], [512, 999]),
    assign(1, ...grown),
    disabled,
  );
  return {
    'err-no-group': nothing,
    'ok-confirm-1-actions-disabled': after(uneven),
    'ok-plan-again-while-actions-pending': after(uneven, done('slots/rebalance/X/1')),
  };
}
