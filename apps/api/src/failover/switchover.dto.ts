import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { type SwitchoverRehearsal } from '@slotferry/failover';
import {
  IsBoolean,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { ProblemDto, WorkflowSummaryDto } from '../workflows/workflow.dto';

export class SwitchoverRequestDto {
  @ApiProperty({ example: 1 })
  @IsInt()
  @Min(1)
  @Max(9_999)
  group!: number;

  @ApiProperty({ description: 'The replica that becomes master, `host:port`.', example: '127.0.0.1:9522' })
  @IsString()
  @MaxLength(300)
  @Matches(/^\S+:\d{1,5}$/, { message: 'to must be an address host:port' })
  to!: string;

  @ApiPropertyOptional({
    description:
      'Go on where requests cannot be held at the proxies: writes of the last moments may be lost.',
    default: false,
  })
  @IsOptional()
  @IsBoolean()
  acceptLoss?: boolean;

  @ApiPropertyOptional({
    description: 'Not before this time, ISO 8601 with its zone; left out: at once.',
    example: '2026-11-23T03:00:00Z',
  })
  @IsOptional()
  @IsISO8601({ strict: true }, { message: 'notBefore must be a time that exists' })
  @Matches(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/, {
    message: 'notBefore must be a time such as 2026-11-23T03:00:00Z',
  })
  notBefore?: string;

  @ApiPropertyOptional({ description: 'Look at everything, change nothing.', default: false })
  @IsOptional()
  @IsBoolean()
  dryRun?: boolean;
}

/** What would come of a switchover that began now. */
export class RehearsalDto implements SwitchoverRehearsal {
  @ApiProperty({ example: true })
  ready!: boolean;
  @ApiProperty({ type: [ProblemDto], description: 'Everything that stands against it.' })
  refusals!: readonly ProblemDto[];
  @ApiProperty({
    type: [String],
    example: ['wait until 127.0.0.1:9522 lacks hardly anything of 127.0.0.1:9521'],
  })
  wouldDo!: readonly string[];
}

export class SwitchoverAnswerDto {
  @ApiProperty({
    type: WorkflowSummaryDto,
    nullable: true,
    description: 'What was started; null in a dry run.',
  })
  workflow!: WorkflowSummaryDto | null;
  @ApiProperty({ type: RehearsalDto, nullable: true, description: 'Of a dry run.' })
  rehearsal!: RehearsalDto | null;
}

export class FailoverRequestDto {
  @ApiProperty({ description: 'Group whose master is dead.', example: 1 })
  @IsInt()
  @Min(1)
  @Max(9_999)
  group!: number;
}
