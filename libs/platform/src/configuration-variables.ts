import { hostname } from 'node:os';

import { LOG_LEVELS, type LogLevel } from './logging';
import { duration, ipAddress, matching, oneOf, type Reader, redisUrl, wholeNumber } from './variable-readers';

/** Everything that can be configured, validated. Nothing else in Slotferry reads the environment. */
export interface Configuration {
  /** Redis that keeps the event log and the queue. May hold a password: never log it. */
  readonly redisUrl: string;
  /** Start of every key in Redis. */
  readonly namespace: string;
  readonly apiHost: string;
  readonly apiPort: number;
  readonly dataDir: string;
  readonly logLevel: LogLevel;
  /** Phases that one worker process runs at a time. */
  readonly workerConcurrency: number;
  readonly attemptLeaseMs: number;
  readonly watchdogIntervalMs: number;
  readonly reconcileIntervalMs: number;
  readonly lockDurationMs: number;
  /** Port of a worker's health page, 0 for none. */
  readonly healthPort: number;
  readonly workerName: string;
  /** Address of this machine that connections to nodes are made from; null for the one the system chooses. */
  readonly sourceAddress: string | null;
}

/** One environment variable: its name, what it is when not set, what it does, how it is read. */
export interface Variable<T> {
  readonly name: string;
  readonly default: string;
  /** How the default is shown where it depends on the machine. */
  readonly shownDefault?: string;
  readonly meaning: string;
  readonly read: Reader<T>;
}

/** Variables that belong to the command line tool and to the tests, not to the processes. */
export const FOREIGN_VARIABLES = /^SLOTFERRY_(API_KEY|URL|TEST_.*)$/;

const text = matching(/^\S+$/, 'a text without spaces');
const port = wholeNumber(1, 65_535);

/** Every variable of the processes, in the order of the reference. */
export const VARIABLES: { readonly [K in keyof Configuration]: Variable<Configuration[K]> } = {
  redisUrl: {
    name: 'SLOTFERRY_REDIS_URL',
    default: 'redis://127.0.0.1:6379',
    meaning: 'Redis 6.2 or later that keeps the event log and the queue. Never a managed cluster.',
    read: redisUrl,
  },
  namespace: {
    name: 'SLOTFERRY_NAMESPACE',
    default: 'slotferry',
    meaning: 'Start of every key in Redis; lets several installations share one Redis.',
    read: matching(/^[a-z0-9][a-z0-9-]{0,63}$/, 'a name of lower case letters, digits and dashes'),
  },
  apiHost: {
    name: 'SLOTFERRY_API_HOST',
    default: '127.0.0.1',
    meaning: 'Address the API listens on.',
    read: text,
  },
  apiPort: { name: 'SLOTFERRY_API_PORT', default: '7800', meaning: 'Port the API listens on.', read: port },
  dataDir: {
    name: 'SLOTFERRY_DATA_DIR',
    default: './data',
    meaning: 'Directory for files, such as the API keys made at the first start.',
    read: matching(/\S/, 'a directory'),
  },
  logLevel: {
    name: 'SLOTFERRY_LOG_LEVEL',
    default: 'info',
    meaning: `How much is logged: ${LOG_LEVELS.join(', ')}.`,
    read: oneOf(LOG_LEVELS),
  },
  workerConcurrency: {
    name: 'SLOTFERRY_WORKER_CONCURRENCY',
    default: '50',
    meaning: 'Phases that one worker process runs at a time.',
    read: wholeNumber(1, 1_000),
  },
  attemptLeaseMs: {
    name: 'SLOTFERRY_ATTEMPT_LEASE',
    default: '10s',
    meaning: 'How long a worker may act on a workflow before it must renew its right; from 1s.',
    read: duration(1_000, 600_000),
  },
  watchdogIntervalMs: {
    name: 'SLOTFERRY_WATCHDOG_INTERVAL',
    default: '250ms',
    meaning: 'How often a worker looks for holds past their deadline; at most 1s, clients wait meanwhile.',
    read: duration(10, 1_000),
  },
  reconcileIntervalMs: {
    name: 'SLOTFERRY_RECONCILE_INTERVAL',
    default: '30s',
    meaning: 'How often the event log is compared with the queue to put back lost jobs.',
    read: duration(100, 3_600_000),
  },
  lockDurationMs: {
    name: 'SLOTFERRY_LOCK_DURATION',
    default: '20s',
    meaning: 'How long the queue waits for a silent worker before another one gets its job.',
    read: duration(1_000, 600_000),
  },
  healthPort: {
    name: 'SLOTFERRY_HEALTH_PORT',
    default: '0',
    meaning: "Port of a worker's health page; 0 for none.",
    read: wholeNumber(0, 65_535),
  },
  workerName: {
    name: 'SLOTFERRY_WORKER_NAME',
    default: `${hostname()}-${process.pid}`,
    shownDefault: 'host name and process id',
    meaning: 'Name of a worker in the event log.',
    read: matching(/^[\w.-]{1,100}$/, 'a name of letters, digits, dots and dashes'),
  },
  sourceAddress: {
    name: 'SLOTFERRY_SOURCE_ADDRESS',
    default: '',
    shownDefault: 'chosen by the system',
    meaning: 'Address of this machine that failover workers connect to nodes from, where it has several.',
    read: ipAddress,
  },
};
