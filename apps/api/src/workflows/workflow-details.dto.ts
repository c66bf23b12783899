import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { type Json, type JsonObject } from '@slotferry/workflow';
import { WorkflowSummaryDto } from './workflow.dto';

export class PhaseRecordDto {
  @ApiProperty({ example: 'preflight' })
  phase!: string;
  @ApiProperty({ description: 'Milliseconds since 1970.', example: 1795334400000 })
  enteredAt!: number;
  @ApiProperty({ type: Number, nullable: true, example: 1795334400120 })
  completedAt!: number | null;
  @ApiPropertyOptional({ type: Object, description: 'What the phase found out; depends on the phase.' })
  result?: Json;
}

export class StepDto {
  @ApiProperty({ example: 'drained' })
  step!: string;
  @ApiProperty({ description: 'Milliseconds since 1970.', example: 1795334400120 })
  at!: number;
}

export class WorkflowDetailsDto extends WorkflowSummaryDto {
  @ApiProperty({ type: [PhaseRecordDto], description: 'Phases entered so far, in their order.' })
  phaseRecords!: PhaseRecordDto[];
  @ApiProperty({
    type: Object,
    description: 'What was found out on the way, by name.',
    example: { heldMs: 83 },
  })
  facts!: JsonObject;
  @ApiProperty({ type: [StepDto] })
  steps!: readonly StepDto[];
  @ApiProperty({
    type: Object,
    description: 'What operators changed while it ran, such as the limits of a rebalance.',
    example: {},
  })
  settings!: JsonObject;
  @ApiProperty({ type: [String], description: 'Codes of blocks that were approved.', example: [] })
  approvals!: readonly string[];
}
