export { failoverDefinitions } from './all-definitions';
export * from './definitions';
export { failoverPhases, type FailoverParts } from './phases';
export type * from './store/types';
