import { Body, Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Response } from 'express';
import { ErrorAnswers } from '../docs/error-answers';
import { IdempotencyKey, TakesIdempotencyKey } from '../idempotency-key';
import { StartedDto } from '../workflows/workflow.dto';
import { StartFailover } from './start-failover';
import { StartSwitchover } from './start-switchover';
import { FailoverRequestDto, SwitchoverAnswerDto, SwitchoverRequestDto } from './switchover.dto';

@ApiTags('failover')
@TakesIdempotencyKey()
@Controller('clusters/:name')
export class SwitchoversController {
  constructor(
    private readonly switchovers: StartSwitchover,
    private readonly failovers: StartFailover,
  ) {}

  @Post('switchovers')
  @HttpCode(202)
  @ApiOperation({ summary: 'Let the master of a group and a replica change places, without a loss.' })
  @ApiAcceptedResponse({ type: SwitchoverAnswerDto })
  @ApiOkResponse({ type: SwitchoverAnswerDto, description: 'A dry run.' })
  @ErrorAnswers(400, 404, 409, 502, 504)
  async switchOver(
    @Param('name') name: string,
    @Body() request: SwitchoverRequestDto,
    @Res({ passthrough: true }) response: Response,
    @IdempotencyKey() key?: string,
  ): Promise<SwitchoverAnswerDto> {
    if (request.dryRun !== true) {
      return { workflow: await this.switchovers.start(name, request, key), rehearsal: null };
    }
    response.status(200);
    return { workflow: null, rehearsal: await this.switchovers.rehearse(name, request) };
  }

  @Post('failovers')
  @HttpCode(202)
  @ApiOperation({
    summary:
      'Replace the dead master of a group, whatever mode, windows and block say. Changes nothing while the master answers.',
  })
  @ApiAcceptedResponse({ type: StartedDto })
  @ErrorAnswers(400, 404, 409, 502, 504)
  async failOver(
    @Param('name') name: string,
    @Body() { group }: FailoverRequestDto,
    @IdempotencyKey() key?: string,
  ): Promise<StartedDto> {
    return { workflows: [await this.failovers.start(name, group, key)] };
  }
}
