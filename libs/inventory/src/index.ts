export * from './cluster-connections';
export * from './cluster-registry';
export * from './inventory.errors';
