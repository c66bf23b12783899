import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { type Json, type JsonObject, type WorkflowSummary } from '@slotferry/workflow';

export const STATUSES = [
  'running',
  'blocked',
  'failed',
  'undoing',
  'paused',
  'completed',
  'cancelled',
] as const satisfies readonly WorkflowSummary['status'][];

export class ProblemDto {
  @ApiProperty({ example: 'proxy-unhealthy' })
  code!: string;
  @ApiProperty({ example: 'proxy 127.0.0.1:11080 does not answer' })
  message!: string;
  @ApiProperty({ example: 'Start it again, or take it offline at the dashboard.' })
  remedy!: string;
}

export class WaitingDto {
  @ApiProperty({ description: 'Stable name of what is waited for.', example: 'catching-up' })
  code!: string;
  @ApiProperty({ example: 'lag of 127.0.0.1:9541 is 52311 bytes' })
  message!: string;
  @ApiPropertyOptional({
    description: 'Numbers that show how far it is; depends on the phase.',
    type: Object,
  })
  progress?: Json;
}

export class ChildrenDto {
  @ApiProperty({ example: 0 })
  open!: number;
  @ApiProperty({ example: 0 })
  completed!: number;
  @ApiProperty({ example: 0 })
  cancelled!: number;
}

export class JobDto {
  @ApiProperty({ example: 'mv-mibx2k1q0f3k9v0a2c4e6-preflight-1' })
  id!: string;
  @ApiProperty({ example: 'migration' })
  queue!: string;
  @ApiProperty({ example: 'preflight' })
  phase!: string;
  @ApiProperty({ description: 'Not before this time, in milliseconds since 1970; 0 = at once.', example: 0 })
  dueAt!: number;
}

/** What a workflow is, where it stands, why it waits. Times are milliseconds since 1970. */
export class WorkflowSummaryDto implements WorkflowSummary {
  @ApiProperty({ example: 'mv-mibx2k1q0f3k9v0a2c4e6' })
  id!: string;
  @ApiProperty({ example: 'move-slot' })
  workflow!: string;
  @ApiProperty({ example: 'move slot 1 of lab from group 1 to group 3' })
  title!: string;
  @ApiProperty({ description: 'What it works on: the name of a cluster.', example: 'lab' })
  scope!: string;
  @ApiProperty({ enum: STATUSES, example: 'running' })
  status!: WorkflowSummary['status'];
  @ApiProperty({ example: 'catch-up' })
  phase!: string;
  @ApiProperty({ type: [String], example: ['preflight', 'create-slots', 'attach-master'] })
  phases!: readonly string[];
  @ApiProperty({ enum: ['forward', 'undo'], example: 'forward' })
  direction!: 'forward' | 'undo';
  @ApiProperty({ description: 'Number of its events.', example: 17 })
  version!: number;
  @ApiProperty({ type: Object, example: { cluster: 'lab', table: 0, slot: 1, from: 1, to: 3 } })
  input!: JsonObject;
  @ApiProperty({
    type: [String],
    description: 'What it works on next to others: the groups of a move.',
    example: ['group:lab:1', 'group:lab:3'],
  })
  touches!: readonly string[];
  @ApiProperty({ type: String, nullable: true, example: null })
  parent!: string | null;
  @ApiProperty({ example: 'operator:admin' })
  startedBy!: string;
  @ApiProperty({ example: 1795334400000 })
  startedAt!: number;
  @ApiProperty({ example: 1795334401000 })
  updatedAt!: number;
  @ApiProperty({ type: Number, nullable: true, example: null })
  endedAt!: number | null;
  @ApiProperty({
    description: 'Past the point of no return: a cancel goes forward to the end.',
    example: false,
  })
  committed!: boolean;
  @ApiProperty({ example: false })
  cancelRequested!: boolean;
  @ApiProperty({ type: WaitingDto, nullable: true })
  waiting!: WorkflowSummary['waiting'];
  @ApiProperty({ type: ProblemDto, nullable: true })
  problem!: WorkflowSummary['problem'];
  @ApiProperty({ type: String, nullable: true, description: 'Who can end a block.', example: null })
  unblock!: string | null;
  @ApiProperty({ type: ChildrenDto })
  children!: WorkflowSummary['children'];
  @ApiProperty({ type: JobDto, nullable: true, description: 'The work that is due.' })
  job!: WorkflowSummary['job'];
  @ApiProperty({ description: 'True while clients may stand still.', example: false })
  guarded!: boolean;
}

export class StartedDto {
  @ApiProperty({ type: [WorkflowSummaryDto], description: 'One workflow for every slot.' })
  workflows!: WorkflowSummaryDto[];
}
