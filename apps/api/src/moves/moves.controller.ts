import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { bootstrapDefinition } from '@slotferry/migration';
import { WorkflowEngine } from '@slotferry/workflow';
import { ADMIN } from '../access/actor';
import { Clusters } from '../clusters/clusters';
import { ErrorAnswers } from '../docs/error-answers';
import { IdempotencyKey, TakesIdempotencyKey } from '../idempotency-key';
import { StartedDto } from '../workflows/workflow.dto';
import { MoveSlotsDto } from './moves.dto';
import { StartMoves } from './start-moves';

@ApiTags('starting')
@TakesIdempotencyKey()
@Controller('clusters/:name')
export class MovesController {
  constructor(
    private readonly moves: StartMoves,
    private readonly clusters: Clusters,
    private readonly engine: WorkflowEngine,
  ) {}

  @Post('moves')
  @HttpCode(202)
  @ApiOperation({ summary: 'Move slots to a group while clients keep writing: one workflow for every slot.' })
  @ApiAcceptedResponse({ type: StartedDto })
  @ErrorAnswers(400, 404, 409, 422, 502, 504)
  async move(
    @Param('name') name: string,
    @Body() request: MoveSlotsDto,
    @IdempotencyKey() key?: string,
  ): Promise<StartedDto> {
    return { workflows: await this.moves.start(name, request, key) };
  }

  @Post('bootstrap')
  @HttpCode(202)
  @ApiOperation({ summary: 'Make the cluster as its file says, as far as that needs no slot to be moved.' })
  @ApiAcceptedResponse({ type: StartedDto })
  @ErrorAnswers(400, 404, 409)
  async bootstrap(@Param('name') name: string, @IdempotencyKey() key?: string): Promise<StartedDto> {
    const { definition } = await this.clusters.get(name);
    const options = { actor: ADMIN, commandId: key };
    return {
      workflows: [await this.engine.start(bootstrapDefinition, { cluster: definition.name }, options)],
    };
  }
}
