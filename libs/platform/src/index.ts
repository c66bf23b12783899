export { allEnded } from './all-ended';
export { childEnvironment } from './child-environment';
export {
  ConfigurationError,
  type ConfigurationProblem,
  describeConfiguration,
  loadConfiguration,
} from './configuration';
export { configurationReference } from './configuration-reference';
export { type Configuration } from './configuration-variables';
export { type Problem, SlotferryError, toProblem } from './errors';
export { newId } from './ids';
export {
  createLogger,
  LOG_LEVELS,
  type Logger,
  loggingOptions,
  type LogLevel,
  silentLogger,
} from './logging';
export { Redactor } from './redactor';
export { openRedis, publicUrl, type RedisRole } from './redis';
export { checkRedis, examineRedisInfo, type RedisFinding, type RedisFindingCode } from './redis-check';
export { readSecret, SecretError, type SecretErrorCode, type SecretRef } from './secrets';
export {
  type Clock,
  formatDuration,
  parseDuration,
  sleep,
  systemClock,
  TimeLimitError,
  withTimeout,
} from './time';
