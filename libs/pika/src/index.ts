export { PikaError, type PikaErrorCode, type PikaErrorDetails } from './pika.errors';
export { PikaNode, type Attachment, type PikaNodeOptions, type RawOptions } from './pika-node';
export { type Fingerprint } from './fingerprint';
export { type NodeInfo, type PikaVersion } from './replies/info-server';
export { type MigrationState } from './replies/migration-state';
export { type AttachedSlave, type AttachedState, type SlaveState, type SlotInfo } from './replies/slot-info';
export { type SlotScanPage } from './replies/slot-scan';
export { type TableInfo } from './replies/table-info';
export { type TextReply } from './reply';
