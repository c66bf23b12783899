import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

export class MoveSlotsDto {
  @ApiProperty({ description: 'Slots and ranges of slots, at most 64 slots.', example: '0-3,8' })
  @IsString()
  @MaxLength(1_000)
  slots!: string;

  @ApiPropertyOptional({ description: 'Table of the slots.', default: 0, example: 0 })
  @IsOptional()
  @IsInt()
  @Min(0)
  table?: number;

  @ApiProperty({ description: 'Group that is to own the slots.', example: 3 })
  @IsInt()
  @Min(1)
  @Max(9_999)
  to!: number;
}
