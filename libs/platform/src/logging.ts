import pino, { type DestinationStream, type LoggerOptions } from 'pino';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

type Write = (fields: object, message: string) => void;

/** The log as libraries see it: fields for machines first, then one sentence for people. */
export interface Logger {
  readonly debug: Write;
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
}

/** Discards everything. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Keys whose values never reach a log, down to the fourth level of an entry. */
const SECRET_KEYS = ['auth', 'password', 'token', 'authorization', 'apiKey', '["x-api-key"]', 'cookie'];
const LEVELS_DOWN = ['', '*', '*.*', '*.*.*'];

/** Options for pino and pino-http: JSON lines with the service's name, secrets replaced by `***`. */
export function loggingOptions(name: string, level: LogLevel): LoggerOptions {
  return {
    name,
    level,
    redact: {
      paths: LEVELS_DOWN.flatMap((level) => SECRET_KEYS.map((key) => path(level, key))),
      censor: '***',
    },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { error: pino.stdSerializers.err, err: pino.stdSerializers.err },
  };
}

/** A logger of its own, to standard output unless a destination is given. */
export function createLogger(name: string, level: LogLevel, destination?: DestinationStream): Logger {
  const options = loggingOptions(name, level);
  const logger = destination === undefined ? pino(options) : pino(options, destination);
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  };
}

function path(level: string, key: string): string {
  if (level === '') return key;
  return key.startsWith('[') ? `${level}${key}` : `${level}.${key}`;
}
