import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import { checkRedis, type RedisFinding } from '@slotferry/platform';
import { Public } from '../access/public.decorator';
import { ErrorAnswerDto } from '../errors/error-answer.dto';
import { RedisUnavailable } from '../errors/redis-unavailable';
import { Connections } from '../storage/connections';
import { HealthDto, ReadinessDto } from './health.dto';
import { NotReady } from './not-ready';

@ApiTags('health')
@Public()
@Controller()
export class HealthController {
  constructor(private readonly connections: Connections) {}

  @Get('health')
  @ApiOperation({ summary: 'The process answers. Needs nothing else, not even Redis.' })
  @ApiOkResponse({ type: HealthDto })
  health(): HealthDto {
    return { status: 'ok' };
  }

  @Get('ready')
  @ApiOperation({ summary: 'Redis answers and is fit to keep the event log.' })
  @ApiOkResponse({ type: ReadinessDto })
  @ApiServiceUnavailableResponse({ type: ErrorAnswerDto })
  async ready(): Promise<ReadinessDto> {
    const findings = await this.findings();
    const faults = findings.filter(({ severity }) => severity === 'error');
    if (faults.length > 0) throw new NotReady(faults);
    return { status: 'ready', warnings: findings.map(({ message }) => message) };
  }

  private async findings(): Promise<RedisFinding[]> {
    try {
      return await checkRedis(this.connections.redis);
    } catch (error) {
      throw new RedisUnavailable(error);
    }
  }
}
