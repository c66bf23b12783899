export * from './cluster-connections';
export * from './cluster-registry';
export * from './inventory.errors';
export { ClusterSource } from './cluster-source';
