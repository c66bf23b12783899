import {
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { checkRedis, type Configuration, type Logger, type Problem } from '@slotferry/platform';
import { type PinoLogger } from 'nestjs-pino';
import { assemble, type Parts } from './assemble';

/** Between two looks at a Redis that is away or unfit, in milliseconds. */
const redisPollMs = 1_000;

/** Watcher and workflow runtime, begun when Redis is fit and ended without dropping a job. */
export class FailoverWorker
  implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  private readonly parts: Parts;
  private readonly logger: Logger;
  private waiting: NodeJS.Timeout | undefined;
  private started = false;
  private stopping = false;
  private told = '';

  constructor(
    private readonly configuration: Configuration,
    pino: PinoLogger,
  ) {
    this.logger = {
      debug: (fields, message) => pino.debug(fields, message),
      info: (fields, message) => pino.info(fields, message),
      warn: (fields, message) => pino.warn(fields, message),
      error: (fields, message) => pino.error(fields, message),
    };
    this.parts = assemble(configuration, this.logger);
  }

  /** What keeps this process from working, for its health page. */
  async problems(): Promise<Problem[]> {
    const problems = await this.redisProblems();
    if (problems.length > 0 || this.started) return problems;
    return [{ code: 'starting', message: 'The worker has not begun to watch.', remedy: 'Wait a second.' }];
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.startWhenFit();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.waiting);
    await this.parts.watcher.stop();
    await this.parts.runtime.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.parts.close();
  }

  private async redisProblems(): Promise<Problem[]> {
    try {
      return (await checkRedis(this.parts.redis)).filter(({ severity }) => severity === 'error');
    } catch (error) {
      const message = `Redis does not answer: ${error instanceof Error ? error.message : String(error)}`;
      return [{ code: 'redis-away', message, remedy: 'Start Redis, or correct SLOTFERRY_REDIS_URL.' }];
    }
  }

  /** Votes and events that a Redis may lose or evict would be worse than none. */
  private async startWhenFit(): Promise<void> {
    const [problem] = await this.redisProblems();
    if (this.stopping) return;
    if (!problem) {
      this.parts.runtime.start();
      this.parts.watcher.start();
      this.started = true;
      this.logger.info({ worker: this.configuration.workerName }, 'the failover worker watches');
      return;
    }
    if (problem.message !== this.told)
      this.logger.error({ code: problem.code, remedy: problem.remedy }, problem.message);
    this.told = problem.message;
    this.waiting = setTimeout(() => void this.startWhenFit(), redisPollMs);
  }
}
