import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ErrorAnswers } from '../docs/error-answers';
import { FailoverOperations } from './failover-operations';
import { FailoverStatus } from './failover-status';
import { HistoryDto, HistoryQuery } from './history.dto';
import { AcknowledgeDto, AcknowledgedDto, MaintenanceAnswerDto, PauseFailoverDto } from './maintenance.dto';
import { FailoverStatusDto } from './status.dto';

@ApiTags('failover')
@Controller('clusters/:name/failover')
export class FailoverController {
  constructor(
    private readonly status: FailoverStatus,
    private readonly operations: FailoverOperations,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Who watches the cluster, how its masters do, and what would happen by itself.' })
  @ApiOkResponse({ type: FailoverStatusDto })
  @ErrorAnswers(404)
  read(@Param('name') name: string): Promise<FailoverStatusDto> {
    return this.status.read(name);
  }

  @Get('history')
  @ApiOperation({
    summary: 'What was detected, decided and not decided, and what operators said; newest first.',
  })
  @ApiOkResponse({ type: HistoryDto })
  @ErrorAnswers(400, 404)
  async history(@Param('name') name: string, @Query() query: HistoryQuery): Promise<HistoryDto> {
    return { entries: await this.operations.history(name, query) };
  }

  @Post('acknowledge')
  @HttpCode(200)
  @ApiOperation({
    summary: 'End the block after a failover: the next one may begin by itself. Safe to repeat.',
  })
  @ApiOkResponse({ type: AcknowledgedDto })
  @ErrorAnswers(400, 404)
  async acknowledge(
    @Param('name') name: string,
    @Body() { group }: AcknowledgeDto,
  ): Promise<AcknowledgedDto> {
    return { cluster: name, groups: await this.operations.acknowledge(name, group ?? null) };
  }

  @Post('pause')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Maintenance: no failover begins by itself until it is resumed. What is under way goes on.',
  })
  @ApiOkResponse({ type: MaintenanceAnswerDto })
  @ErrorAnswers(400, 404)
  async pause(
    @Param('name') name: string,
    @Body() { reason }: PauseFailoverDto,
  ): Promise<MaintenanceAnswerDto> {
    return { cluster: name, maintenance: await this.operations.pause(name, reason) };
  }

  @Post('resume')
  @HttpCode(200)
  @ApiOperation({ summary: 'End the maintenance.' })
  @ApiOkResponse({ type: MaintenanceAnswerDto })
  @ErrorAnswers(404)
  async resume(@Param('name') name: string): Promise<MaintenanceAnswerDto> {
    await this.operations.resume(name);
    return { cluster: name, maintenance: null };
  }
}
