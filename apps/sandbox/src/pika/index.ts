export { Binlog, type BinlogLimits } from './binlog';
export { Costs, PEER_TIMEOUT_MS, type Speed } from './costs';
export { digestOf, type SlotDigest } from './data/digest';
export { type Link } from './link';
export { Network } from './network';
export { PikaNode } from './node';
export { type Condition } from './peer';
export { type PikaNodeOptions } from './options';
export { PIKA_VERSIONS, type PikaVersion } from './versions';
