import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { type HistoryEntry } from '@slotferry/failover';
import { type JsonObject } from '@slotferry/workflow';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';

const KINDS = [
  'detection',
  'decision',
  'non-decision',
  'finding',
  'operator',
] as const satisfies readonly HistoryEntry['kind'][];

export class HistoryQuery {
  @ApiPropertyOptional({ description: 'Only of this group.', example: 1 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(9_999)
  group?: number;

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

/** What happened to a group, or did not, and why. */
export class HistoryEntryDto implements HistoryEntry {
  @ApiProperty({ description: 'Milliseconds since 1970.', example: 1795334400000 })
  at!: number;
  @ApiProperty({ description: '0: the whole cluster.', example: 1 })
  group!: number;
  @ApiProperty({ enum: KINDS, example: 'decision' })
  kind!: HistoryEntry['kind'];
  @ApiProperty({ description: 'Stable: an analysis, a refusal, a finding.', example: 'MasterDead' })
  code!: string;
  @ApiProperty({ example: '2 of 3 workers got no answer from 127.0.0.1:9521 for 1.0 s' })
  message!: string;
  @ApiProperty({ type: String, nullable: true, example: 'fo-lab-1-1' })
  workflow!: string | null;
  @ApiProperty({ type: Object, nullable: true, example: null })
  details!: JsonObject | null;
}

export class HistoryDto {
  @ApiProperty({ type: [HistoryEntryDto] })
  entries!: HistoryEntryDto[];
}
