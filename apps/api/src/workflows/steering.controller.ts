import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ErrorAnswers } from '../docs/error-answers';
import { ApproveChoice } from '../failover/approve-choice';
import { IdempotencyKey, TakesIdempotencyKey } from '../idempotency-key';
import { Steering } from './steering';
import { ApprovalDto, ReasonDto } from './steering.dto';
import { WorkflowSummaryDto } from './workflow.dto';

@ApiTags('steering')
@TakesIdempotencyKey()
@ErrorAnswers(400, 404, 409)
@Controller('workflows/:id')
export class SteeringController {
  constructor(
    private readonly steering: Steering,
    private readonly choices: ApproveChoice,
  ) {}

  @Post('pause')
  @HttpCode(200)
  @ApiOperation({ summary: 'Begin nothing new until it is resumed. A handover under way is ended first.' })
  @ApiOkResponse({ type: WorkflowSummaryDto })
  pause(
    @Param('id') id: string,
    @Body() { reason = '' }: ReasonDto,
    @IdempotencyKey() key?: string,
  ): Promise<WorkflowSummaryDto> {
    return this.steering.ask(id, { kind: 'pause', reason }, key);
  }

  @Post('resume')
  @HttpCode(200)
  @ApiOperation({ summary: 'Go on after a pause.' })
  @ApiOkResponse({ type: WorkflowSummaryDto })
  resume(
    @Param('id') id: string,
    @Body() _body: ReasonDto,
    @IdempotencyKey() key?: string,
  ): Promise<WorkflowSummaryDto> {
    return this.steering.ask(id, { kind: 'resume' }, key);
  }

  @Post('cancel')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Take back what was done; past the point of no return go forward to the end instead.',
  })
  @ApiOkResponse({ type: WorkflowSummaryDto })
  cancel(
    @Param('id') id: string,
    @Body() { reason = '' }: ReasonDto,
    @IdempotencyKey() key?: string,
  ): Promise<WorkflowSummaryDto> {
    return this.steering.ask(id, { kind: 'cancel', reason }, key);
  }

  @Post('retry')
  @HttpCode(200)
  @ApiOperation({ summary: 'Try again what failed or is blocked.' })
  @ApiOkResponse({ type: WorkflowSummaryDto })
  retry(
    @Param('id') id: string,
    @Body() { reason = '' }: ReasonDto,
    @IdempotencyKey() key?: string,
  ): Promise<WorkflowSummaryDto> {
    return this.steering.ask(id, { kind: 'retry', reason }, key);
  }

  @Post('approve')
  @HttpCode(200)
  @ApiOperation({
    summary:
      'Go on in spite of the problem that blocks it; for a failover perhaps with a node of your choice.',
  })
  @ApiOkResponse({ type: WorkflowSummaryDto })
  approve(
    @Param('id') id: string,
    @Body() { code, note = '', choice }: ApprovalDto,
    @IdempotencyKey() key?: string,
  ): Promise<WorkflowSummaryDto> {
    if (choice !== undefined) return this.choices.approve(id, { code, note, choice }, key);
    return this.steering.ask(id, { kind: 'approve', code, note }, key);
  }
}
