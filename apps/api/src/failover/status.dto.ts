import { ApiProperty } from '@nestjs/swagger';
import {
  ANALYSES,
  type AnalysisName,
  FAILOVER_MODES,
  type FailoverMode,
  REFUSALS,
  type Refusal,
} from '@slotferry/cluster';
import { ProblemDto, STATUSES } from '../workflows/workflow.dto';
import { MaintenanceDto } from './maintenance.dto';

export class NodeVoteDto {
  @ApiProperty({ example: '127.0.0.1:9521' })
  node!: string;
  @ApiProperty({ enum: ['answering', 'slow', 'refused', 'unreachable', 'hanging'], example: 'answering' })
  condition!: string;
  @ApiProperty({ description: 'No answer for so long, in milliseconds; 0 while it answers.', example: 0 })
  silentMs!: number;
}

export class FailoverWorkerDto {
  @ApiProperty({ example: 'failover-1' })
  worker!: string;
  @ApiProperty({ description: 'Age of its last vote in milliseconds.', example: 312 })
  ageMs!: number;
  @ApiProperty({ type: [NodeVoteDto], description: 'Nodes that do not answer it as they should.' })
  complaints!: NodeVoteDto[];
}

export class PromotionDto {
  @ApiProperty({ example: 'fo-lab-1-1' })
  workflow!: string;
  @ApiProperty({ description: 'Milliseconds since 1970.', example: 1795334400000 })
  at!: number;
  @ApiProperty({ example: '127.0.0.1:9521' })
  oldMaster!: string;
  @ApiProperty({ example: '127.0.0.1:9522' })
  newMaster!: string;
}

export class OpenWorkflowDto {
  @ApiProperty({ example: 'fo-lab-1-1' })
  id!: string;
  @ApiProperty({ example: 'failover' })
  workflow!: string;
  @ApiProperty({ enum: STATUSES, example: 'running' })
  status!: string;
  @ApiProperty({ example: 'elect' })
  phase!: string;
  @ApiProperty({ type: ProblemDto, nullable: true })
  problem!: ProblemDto | null;
}

export class RefusalDto {
  @ApiProperty({ enum: REFUSALS, example: 'not-down' })
  code!: Refusal;
  @ApiProperty({ example: '127.0.0.1:9521 answers.' })
  message!: string;
}

export class GroupFailoverDto {
  @ApiProperty({ example: 1 })
  group!: number;
  @ApiProperty({ example: '127.0.0.1:9521' })
  master!: string;
  @ApiProperty({ type: [String], example: ['127.0.0.1:9522'] })
  replicas!: readonly string[];
  @ApiProperty({ enum: FAILOVER_MODES, example: 'automatic' })
  mode!: FailoverMode;
  @ApiProperty({ enum: ANALYSES, description: 'By the votes there are now.', example: 'Healthy' })
  analysis!: AnalysisName;
  @ApiProperty({ example: '3 of 3 workers get answers from 127.0.0.1:9521' })
  why!: string;
  @ApiProperty({
    type: RefusalDto,
    nullable: true,
    description: 'Why no failover begins by itself now; null where one would.',
  })
  refusal!: RefusalDto | null;
  @ApiProperty({ description: 'Number of the next failover.', example: 1 })
  epoch!: number;
  @ApiProperty({
    description: 'No further one begins by itself before it, milliseconds since 1970; 0: no block.',
    example: 0,
  })
  blockedUntil!: number;
  @ApiProperty({ type: PromotionDto, nullable: true, description: 'The last time the master changed.' })
  promotion!: PromotionDto | null;
  @ApiProperty({ type: [OpenWorkflowDto], description: 'Failover, switchover and rejoins under way.' })
  open!: OpenWorkflowDto[];
}

/** How a cluster is watched, and how it would be failed over. */
export class FailoverStatusDto {
  @ApiProperty({ example: 'lab' })
  cluster!: string;
  @ApiProperty({ example: '2026-11-22T10:00:00.000Z' })
  checkedAt!: string;
  @ApiProperty({ type: MaintenanceDto, nullable: true })
  maintenance!: MaintenanceDto | null;
  @ApiProperty({ type: [FailoverWorkerDto], description: 'Workers that voted within the last seconds.' })
  workers!: FailoverWorkerDto[];
  @ApiProperty({ type: [GroupFailoverDto] })
  groups!: GroupFailoverDto[];
  @ApiProperty({
    type: ProblemDto,
    nullable: true,
    description: 'Why the router could not be asked; the groups are then those of the cluster file.',
  })
  routerProblem!: ProblemDto | null;
}
