export * from './attachment/judge-attachment';
export * from './binlog-position';
export * from './byte-size';
export * from './cluster-definition';
export { parseClusterFile, type ClusterFile } from './cluster-file/cluster-file';
export { DEFAULT_MIGRATION } from './cluster-file/migration-section';
export { ClusterFileError, type ClusterFileProblem } from './cluster-file/cluster-file-error';
export * from './duration';
export * from './errors';
export * from './node-address';
export * from './plan/rebalance-goal';
export * from './plan/slot-move';
export { sizeByGroup, type SlotSizes } from './plan/even-out-by-size';
export { countByGroup } from './plan/even-out';
export * from './router';
export * from './router-differences';
export * from './slot-hash';
export * from './slots';
export * from './table-slots';
export * from './topology';
export {
  formatPath,
  type Problem,
  type ProblemPath,
  type TopologyProblem,
  type TopologyProblemCode,
} from './topology-problem';
export { GROUP_ID_RANGE, validateTopology } from './validate-topology';
export * from './failover/analysis';
export * from './failover/election';
export * from './failover/failover-settings';
export * from './failover/observation';
export { judge } from './failover/judge';
export { elect } from './failover/elect';
export { describeElection } from './failover/describe-election';
