import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import { type Response } from 'express';
import { Migrator } from './migrator';

/** For whoever watches the process. */
@Controller()
export class HealthController {
  constructor(private readonly migrator: Migrator) {}

  /** The process is alive. */
  @Get('health')
  health(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** The process can work: its Redis answers and is fit. */
  @Get('ready')
  async ready(@Res({ passthrough: true }) response: Response): Promise<object> {
    const problems = await this.migrator.problems();
    if (problems.length === 0) return { status: 'ready' };
    response.status(HttpStatus.SERVICE_UNAVAILABLE);
    return { status: 'not-ready', problems };
  }
}
