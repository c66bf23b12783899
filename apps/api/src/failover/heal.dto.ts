import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { HEAL_MODES, type HealMode } from '@slotferry/cluster';
import { FINDING_CODES, type FindingCode, HEAL_STEPS, type HealStep } from '@slotferry/failover';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { TableSlotsDto } from '../topology/topology.dto';
import { WorkflowSummaryDto } from '../workflows/workflow.dto';

export class HealRequestDto {
  @ApiPropertyOptional({ description: 'Only nodes of this group.', example: 1 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(9_999)
  group?: number;

  @ApiPropertyOptional({ description: 'Only this node.', example: '127.0.0.1:9522' })
  @IsOptional()
  @IsString()
  @MaxLength(300)
  node?: string;
}

/** What is wrong with a node. */
export class FindingDto {
  @ApiProperty({ enum: FINDING_CODES, example: 'restarted-writable' })
  code!: FindingCode;
  @ApiProperty({ example: 1 })
  group!: number;
  @ApiProperty({ example: '127.0.0.1:9522' })
  node!: string;
  @ApiProperty({ description: 'Whom it should follow.', example: '127.0.0.1:9521' })
  master!: string;
  @ApiProperty({ type: [TableSlotsDto] })
  slots!: TableSlotsDto[];
  @ApiProperty({ description: 'Milliseconds since 1970.', example: 1795334400000 })
  since!: number;
  @ApiProperty({ example: '127.0.0.1:9522 has restarted and no longer follows 127.0.0.1:9521: slots 0-3' })
  message!: string;
}

export class HealStepDto {
  @ApiProperty({ enum: HEAL_STEPS, example: 'attach' })
  step!: HealStep;
  @ApiProperty({ type: [TableSlotsDto] })
  slots!: TableSlotsDto[];
  @ApiProperty({ example: 'attach slots 0-3 of 127.0.0.1:9522 to 127.0.0.1:9521, from where each stands' })
  message!: string;
}

export class ProposalDto {
  @ApiProperty({ type: FindingDto })
  finding!: FindingDto;
  @ApiProperty({ type: [HealStepDto], description: 'In this order.' })
  steps!: HealStepDto[];
  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Bytes of binlog that only this node holds; null when they cannot be counted.',
    example: 0,
  })
  discardedBytes!: number | null;
}

export class HealPlanDto {
  @ApiProperty({ example: 'lab' })
  cluster!: string;
  @ApiProperty({ enum: HEAL_MODES, description: 'What happens by itself.', example: 'repair' })
  mode!: HealMode;
  @ApiProperty({
    description: 'When the workers looked last, milliseconds since 1970.',
    example: 1795334400000,
  })
  lookedAt!: number;
  @ApiProperty({ type: [ProposalDto] })
  proposals!: ProposalDto[];
}

export class PostponedDto {
  @ApiProperty({ type: FindingDto })
  finding!: FindingDto;
  @ApiProperty({ example: 'another node of group 1 is mended first' })
  why!: string;
}

export class HealedDto {
  @ApiProperty({ type: [WorkflowSummaryDto] })
  workflows!: WorkflowSummaryDto[];
  @ApiProperty({ type: [PostponedDto], description: 'What was not begun now.' })
  postponed!: PostponedDto[];
}
