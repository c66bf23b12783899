export { ClusterSource } from './cluster-source';
export * from './definitions';
export { migrationPhases } from './phases';
