export { Costs, type Speed } from './costs';
export { digestOf } from './data/digest';
export { type BinlogLimits } from './binlog';
export { Network } from './network';
export { PikaNode } from './node';
export { type Condition } from './peer';
export { PIKA_VERSIONS, type PikaVersion } from './versions';
