import { ApiPropertyOptional } from '@nestjs/swagger';
import { type WorkflowSummary } from '@slotferry/workflow';
import { Transform, Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { STATUSES } from './workflow.dto';

export class ListWorkflowsQuery {
  @ApiPropertyOptional({ description: 'Only of this cluster.', example: 'lab' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  cluster?: string;

  @ApiPropertyOptional({ description: 'Only of this kind.', example: 'move-slot' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  workflow?: string;

  @ApiPropertyOptional({
    description: 'Only in one of these states, separated by commas.',
    enum: STATUSES,
    isArray: true,
  })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => [value].flat().flatMap((one) => String(one).split(',')))
  @IsIn(STATUSES, { each: true })
  status?: WorkflowSummary['status'][];

  @ApiPropertyOptional({
    description: 'At most so many, newest first.',
    default: 50,
    minimum: 1,
    maximum: 500,
  })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  limit: number = 50;
}

export class EventsQuery {
  @ApiPropertyOptional({ description: 'Only events after this version.', default: 0, minimum: 0 })
  @Type(() => Number)
  @IsInt()
  @Min(0)
  after: number = 0;
}
