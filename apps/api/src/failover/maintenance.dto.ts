import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { type Maintenance } from '@slotferry/failover';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min, MinLength } from 'class-validator';

export class PauseFailoverDto {
  @ApiProperty({
    description: 'Shown to everybody who asks for the status.',
    example: 'new switches in rack 4',
  })
  @IsString()
  @MinLength(1)
  @MaxLength(1_000)
  reason!: string;
}

export class AcknowledgeDto {
  @ApiPropertyOptional({ description: 'Only of this group; left out: of all groups.', example: 1 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(9_999)
  group?: number;
}

/** An operator works on the cluster: no failover begins by itself. */
export class MaintenanceDto implements Maintenance {
  @ApiProperty({ description: 'Milliseconds since 1970.', example: 1795334400000 })
  since!: number;
  @ApiProperty({ example: 'operator:admin' })
  by!: string;
  @ApiProperty({ example: 'new switches in rack 4' })
  reason!: string;
}

export class MaintenanceAnswerDto {
  @ApiProperty({ example: 'lab' })
  cluster!: string;
  @ApiProperty({ type: MaintenanceDto, nullable: true })
  maintenance!: MaintenanceDto | null;
}

export class AcknowledgedDto {
  @ApiProperty({ example: 'lab' })
  cluster!: string;
  @ApiProperty({ type: [Number], description: 'Groups whose block ended.', example: [1] })
  groups!: number[];
}
