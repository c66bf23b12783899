export { PikaError, type PikaErrorCode, type PikaErrorDetails } from './pika.errors';
export { PikaNode, type Attachment, type PikaNodeOptions, type RawOptions } from './pika-node';
export { type Fingerprint } from './fingerprint';
export { type KeyValue, type KeyValueLimits } from './key-value';
export { type NodeInfo, type PikaVersion } from './replies/info-server';
export { type MigrationState } from './replies/migration-state';
export { type AttachedSlave, type AttachedState, type SlaveState, type SlotInfo } from './replies/slot-info';
export { type SlotScanPage } from './replies/slot-scan';
export { type TableInfo } from './replies/table-info';
export { type TextReply } from './reply';
export {
  ProbeConnection,
  type ProbeFailure,
  type ProbeListener,
  type ProbeTarget,
} from './probe/probe-connection';
export { INFO_QUESTION, readInfoAnswer, readSlotsAnswer, SLOTS_QUESTION } from './probe/read-answers';
export { type ProbeReply } from './probe/reply-reader';
