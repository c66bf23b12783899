import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import { type Response } from 'express';
import { FailoverWorker } from './failover-worker';

/** For whoever watches the process. */
@Controller()
export class HealthController {
  constructor(private readonly worker: FailoverWorker) {}

  /** The process is alive. */
  @Get('health')
  health(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** The process watches and works: its Redis answers and is fit. */
  @Get('ready')
  async ready(@Res({ passthrough: true }) response: Response): Promise<object> {
    const problems = await this.worker.problems();
    if (problems.length === 0) return { status: 'ready' };
    response.status(HttpStatus.SERVICE_UNAVAILABLE);
    return { status: 'not-ready', problems };
  }
}
