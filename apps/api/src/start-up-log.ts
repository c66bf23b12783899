import { type LoggerService } from '@nestjs/common';
import { type Logger } from 'nestjs-pino';

/** Nest tells of every route and module at every start; that helps nobody who runs the API. */
const NOISE = new Set([
  'InstanceLoader',
  'RouterExplorer',
  'RoutesResolver',
  'NestFactory',
  'NestApplication',
]);

/** Nest's own log without what it says at every start. */
export function quietStart(logger: Logger): LoggerService {
  return {
    log: (message: unknown, ...rest: unknown[]) => {
      if (!NOISE.has(String(rest.at(-1)))) logger.log(message, ...rest);
    },
    error: (message: unknown, ...rest: unknown[]) => logger.error(message, ...rest),
    warn: (message: unknown, ...rest: unknown[]) => logger.warn(message, ...rest),
    debug: (message: unknown, ...rest: unknown[]) => logger.debug(message, ...rest),
    verbose: (message: unknown, ...rest: unknown[]) => logger.verbose(message, ...rest),
    fatal: (message: unknown, ...rest: unknown[]) => logger.fatal(message, ...rest),
  };
}
