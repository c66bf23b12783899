import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength, MinLength } from 'class-validator';

export class ReasonDto {
  @ApiPropertyOptional({
    description: 'Kept in the history.',
    example: 'maintenance of the network',
    default: '',
  })
  @IsOptional()
  @IsString()
  @MaxLength(1_000)
  reason?: string;
}

export class ApprovalDto {
  @ApiProperty({ description: 'Code of the problem that blocks the workflow.', example: 'lag-beyond-limit' })
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  code!: string;

  @ApiPropertyOptional({
    description: 'Kept in the history.',
    example: 'agreed with the owners',
    default: '',
  })
  @IsOptional()
  @IsString()
  @MaxLength(1_000)
  note?: string;

  @ApiPropertyOptional({
    description: 'Failovers only: the node, `host:port`, that is to become master, whatever would be lost.',
    example: '127.0.0.1:9522',
  })
  @IsOptional()
  @IsString()
  @MaxLength(300)
  @Matches(/^\S+:\d{1,5}$/, { message: 'choice must be an address host:port' })
  choice?: string;
}
