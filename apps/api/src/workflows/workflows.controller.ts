import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { WorkflowEngine } from '@slotferry/workflow';
import { ErrorAnswers } from '../docs/error-answers';
import { describeWorkflow } from './describe-workflow';
import { EventListDto, VerificationDto } from './event.dto';
import { EventsQuery, ListWorkflowsQuery } from './queries.dto';
import { WorkflowDetailsDto } from './workflow-details.dto';
import { WorkflowSummaryDto } from './workflow.dto';

export class WorkflowListDto {
  @ApiProperty({ type: [WorkflowSummaryDto] })
  workflows!: WorkflowSummaryDto[];
}

@ApiTags('workflows')
@Controller('workflows')
export class WorkflowsController {
  constructor(private readonly engine: WorkflowEngine) {}

  @Get()
  @ApiOperation({ summary: 'Workflows, newest first.' })
  @ApiOkResponse({ type: WorkflowListDto })
  @ErrorAnswers(400)
  async list(@Query() { cluster, workflow, status, limit }: ListWorkflowsQuery): Promise<WorkflowListDto> {
    return { workflows: await this.engine.list({ scope: cluster, workflow, status, limit }) };
  }

  @Get(':id')
  @ApiOperation({ summary: 'One workflow with its phases, steps and facts.' })
  @ApiOkResponse({ type: WorkflowDetailsDto })
  @ErrorAnswers(404)
  async get(@Param('id') id: string): Promise<WorkflowDetailsDto> {
    return describeWorkflow(await this.engine.get(id));
  }

  @Get(':id/events')
  @ApiOperation({ summary: 'The events of a workflow, oldest first.' })
  @ApiOkResponse({ type: EventListDto })
  @ErrorAnswers(400, 404)
  async events(@Param('id') id: string, @Query() { after }: EventsQuery): Promise<EventListDto> {
    return { events: await this.engine.history(id, after) };
  }

  @Get(':id/verify')
  @ApiOperation({ summary: 'Check the log of a workflow against its own hashes.' })
  @ApiOkResponse({ type: VerificationDto })
  @ErrorAnswers(404)
  async verify(@Param('id') id: string): Promise<VerificationDto> {
    const fault = await this.engine.verify(id);
    return { workflowId: id, intact: fault === null, fault };
  }
}
