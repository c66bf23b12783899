export * from './binlog-position';
export * from './errors';
export * from './router';
export * from './slot-hash';
export * from './slots';
