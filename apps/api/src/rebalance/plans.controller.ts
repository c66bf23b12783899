import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { ErrorAnswers } from '../docs/error-answers';
import { IdempotencyKey, TakesIdempotencyKey } from '../idempotency-key';
import { WorkflowSummaryDto } from '../workflows/workflow.dto';
import { ExecutePlan } from './execute-plan';
import { ExecutePlanDto, PlanDto, PlanRequestDto } from './plan.dto';
import { Plans } from './plans';

@ApiTags('rebalancing')
@Controller()
export class PlansController {
  constructor(
    private readonly plans: Plans,
    private readonly executePlan: ExecutePlan,
  ) {}

  @Post('clusters/:name/plans')
  @HttpCode(201)
  @ApiOperation({ summary: 'Plan a rebalance: what would move, and how long it takes. Changes nothing.' })
  @ApiCreatedResponse({ type: PlanDto })
  @ErrorAnswers(400, 404, 422, 502, 504)
  make(@Param('name') name: string, @Body() request: PlanRequestDto): Promise<PlanDto> {
    return this.plans.make(name, request);
  }

  @Get('plans/:id')
  @ApiOperation({ summary: 'A plan as it was made. Plans are kept for 24 hours.' })
  @ApiOkResponse({ type: PlanDto })
  @ErrorAnswers(404)
  get(@Param('id') id: string): Promise<PlanDto> {
    return this.plans.get(id);
  }

  @Post('plans/:id/execute')
  @HttpCode(202)
  @TakesIdempotencyKey()
  @ApiOperation({
    summary:
      'Approve a plan and start the rebalance. Refused when the cluster is not as the plan took it to be.',
  })
  @ApiAcceptedResponse({ type: WorkflowSummaryDto })
  @ErrorAnswers(400, 404, 409, 502, 504)
  execute(
    @Param('id') id: string,
    @Body() { adopt = false }: ExecutePlanDto,
    @IdempotencyKey() key?: string,
  ): Promise<WorkflowSummaryDto> {
    return this.executePlan.execute(id, { adopt }, key);
  }
}
