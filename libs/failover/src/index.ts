export { failoverDefinitions } from './all-definitions';
export * from './definitions';
export * from './notify';
export * from './replicas';
export { failoverPhases, type FailoverParts } from './phases';
export { RedisFailoverMemory } from './store/redis-failover-memory';
export type * from './store/types';
