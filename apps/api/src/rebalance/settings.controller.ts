import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { givenLimits, rebalanceDefinition } from '@slotferry/migration';
import { WorkflowEngine } from '@slotferry/workflow';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { ErrorAnswers } from '../docs/error-answers';
import { wrongField } from '../errors/request-invalid';
import { IdempotencyKey, TakesIdempotencyKey } from '../idempotency-key';
import { Steering } from '../workflows/steering';
import { WorkflowSummaryDto } from '../workflows/workflow.dto';
import { LimitsDto } from './limits.dto';
import { NoSettings } from './plan.errors';

class SettingsDto extends LimitsDto {
  @ApiPropertyOptional({ description: 'Kept in the history.', example: 'the night is quiet', default: '' })
  @IsOptional()
  @IsString()
  @MaxLength(1_000)
  reason?: string;
}

@ApiTags('rebalancing')
@Controller('workflows/:id')
export class SettingsController {
  constructor(
    private readonly engine: WorkflowEngine,
    private readonly steering: Steering,
  ) {}

  @Post('settings')
  @HttpCode(200)
  @TakesIdempotencyKey()
  @ApiOperation({
    summary: 'Change the limits of a rebalance, and what goes first, while it runs. What is not given stays.',
  })
  @ApiOkResponse({ type: WorkflowSummaryDto })
  @ErrorAnswers(400, 404, 409)
  async change(
    @Param('id') id: string,
    @Body() request: SettingsDto,
    @IdempotencyKey() key?: string,
  ): Promise<WorkflowSummaryDto> {
    const settings = givenLimits(request);
    if (Object.keys(settings).length === 0) {
      throw wrongField(
        '',
        'no limit is given',
        'Give inFlight, perSource, perTarget, copiesPerSource, copiesPerTarget, maxFailed, windows or first.',
      );
    }
    const { workflow } = await this.engine.get(id);
    if (workflow !== rebalanceDefinition.name) throw new NoSettings(id, workflow);
    return this.steering.ask(id, { kind: 'change', settings, reason: request.reason ?? '' }, key);
  }
}
