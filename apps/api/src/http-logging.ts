import { type LogLevel, loggingOptions } from '@slotferry/platform';
import { type Options } from 'pino-http';

const SILENT_PATHS = new Set(['/health', '/ready']);

/** How requests are logged: what was asked and what came of it. Headers and bodies stay out, they may hold keys. */
export function httpLogging(level: LogLevel): Options {
  const options = loggingOptions('api', level);
  return {
    ...options,
    serializers: {
      ...options.serializers,
      req: ({ id, method, url }: { id: unknown; method: string; url: string }) => ({ id, method, url }),
      res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
    },
    autoLogging: { ignore: (request) => SILENT_PATHS.has(request.url ?? '') },
  };
}
