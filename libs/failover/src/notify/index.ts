export { ClusterNotifier } from './cluster-notifier';
export { FAILOVER_EVENTS, type FailoverEvent, type FailoverNews } from './news';
export type { BeforeAnswer, Delivery, Notifier } from './notifier';
export { type NotifierOptions, SettingsNotifier } from './settings-notifier';
