import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ErrorAnswers } from '../docs/error-answers';
import { describeHealed, describePlan } from './describe-heal';
import { Heal } from './heal';
import { HealedDto, HealPlanDto, HealRequestDto } from './heal.dto';

@ApiTags('failover')
@Controller('clusters/:name/heal')
export class HealController {
  constructor(private readonly heal: Heal) {}

  @Get()
  @ApiOperation({
    summary: 'What is wrong with replicas now, and what would be done about it. Changes nothing.',
  })
  @ApiOkResponse({ type: HealPlanDto })
  @ErrorAnswers(404, 409)
  async plan(@Param('name') name: string): Promise<HealPlanDto> {
    return describePlan(await this.heal.plan(name));
  }

  @Post()
  @HttpCode(202)
  @ApiOperation({
    summary:
      'Mend what is wrong with replicas now, one node of a group at a time. Safe to repeat: what is under way is not begun again.',
  })
  @ApiAcceptedResponse({ type: HealedDto })
  @ErrorAnswers(400, 404, 409)
  async start(@Param('name') name: string, @Body() request: HealRequestDto): Promise<HealedDto> {
    return describeHealed(await this.heal.start(name, request));
  }
}
